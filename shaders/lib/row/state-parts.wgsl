// The state of a row that an earlier dispatch read in `parts` segments.
fn state_find(place: RowItem, local: u32) -> State {
  var mine = state_empty();
  for (var k = place.lane; k < params.parts; k += LANES) {
    state_merge(&mine, parts[(params.first + place.row) * params.parts + k]);
  }
  return lanes_join(mine, local);
}
