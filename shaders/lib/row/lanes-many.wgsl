// Joins the states of the LANES lanes of an item by a tree in workgroup memory; every lane gets the total.
var<workgroup> lanes: array<State, WG>;

fn lanes_join(mine: State, local: u32) -> State {
  var total = mine;
  for (var step = LANES / 2u; step > 0u; step >>= 1u) {
    lanes[local] = total;
    workgroupBarrier();
    if local % LANES < step { state_merge(&total, lanes[local + step]); }
    workgroupBarrier();
  }
  lanes[local] = total;
  workgroupBarrier();
  return lanes[local - local % LANES];
}
