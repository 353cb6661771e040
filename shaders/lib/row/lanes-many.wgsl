// Joins the states of the LANES lanes of an item.
//
// include: lib/row/lanes-tree.wgsl
fn lanes_join(mine: State, local: u32) -> State {
  return lanes_tree(mine, local, 1u);
}
