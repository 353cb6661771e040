// The state of a row that one item reads from end to end.
fn state_find(place: RowItem, local: u32) -> State {
  return lanes_join(state_sweep(place), local);
}
