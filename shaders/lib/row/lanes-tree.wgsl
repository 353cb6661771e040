// The states of the LANES lanes of an item, of which each `block` neighbours hold one in common, joined by a tree in workgroup memory;
// every lane gets the total.
var<workgroup> lanes: array<State, WG>;

fn lanes_tree(mine: State, local: u32, block: u32) -> State {
  var total = mine;
  for (var step = LANES / 2u; step >= block; step /= 2u) {
    lanes[local] = total;
    workgroupBarrier();
    if local % LANES < step { state_merge(&total, lanes[local + step]); }
    workgroupBarrier();
  }
  lanes[local] = total;
  workgroupBarrier();
  return lanes[local - local % LANES];
}
