// Joins the states of the LANES lanes of an item: within a subgroup by exchanging them, and only from there on by a tree in workgroup
// memory; every lane gets the total. (`state_exchange` is emitted by src/rows/exchange.ts.)
//
// WGSL does not say which lanes make up a subgroup, nor how many: lanes_block looks.
//
// include: lib/row/lanes-tree.wgsl
var<workgroup> lanes_short: atomic<u32>; // by how much the smallest block of the workgroup is smaller than the workgroup

// How many neighbouring lanes of an item, a power of two from a multiple of it on, can exchange states, everywhere in the workgroup.
fn lanes_block(local: u32) -> u32 {
  let size = subgroupAdd(1u);
  let first = subgroupBroadcastFirst(local);
  let neighbours = subgroupAll(local == first + subgroupExclusiveAdd(1u)) & (first % size == 0u) & ((size & (size - 1u)) == 0u);
  atomicMax(&lanes_short, WG - select(1u, min(size, LANES), neighbours));
  workgroupBarrier();
  return WG - workgroupUniformLoad(&lanes_short);
}

fn lanes_join(mine: State, local: u32) -> State {
  let block = lanes_block(local);
  var total = mine;
  for (var step = 1u; step < block; step *= 2u) { state_merge(&total, state_exchange(total, step)); }
  if block == LANES { return total; }
  return lanes_tree(total, local, block);
}
