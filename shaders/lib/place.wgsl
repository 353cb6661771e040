// Which row, which segment of it and which lane an invocation is: LANES lanes share an item, an item is
// (row, segment). The masked bits of the row start at row_mask_start.

var<private> row_mask_start: u32;

struct RowItem {
  row: u32,
  lane: u32,
  live: bool,
  at: u32,     // element of x at which the segment starts
  column: u32, // class id of that element
  skip: u32,   // how far into the window the segment starts
  count: u32,  // how many values the segment has
  segment: u32,
}

fn place_find(group: vec3<u32>, groups: vec3<u32>, local: u32) -> RowItem {
  let item = (group.x + group.y * groups.x) * (WG / LANES) + local / LANES;
  let live = item < params.rows * params.segments;
  let mine = select(0u, item, live);
  // Division is dear, and most rows are whole.
  var row = mine;
  if SPLIT { row = mine / params.segments; }
  let segment = mine - row * params.segments;
  let skip = segment * params.span;
  row_mask_start = (params.first + row) * params.maskStride;
  return RowItem(row, local % LANES, live, params.base + row * params.stride + skip,
    params.begin + skip, skip, min(params.span, params.columns - skip), segment);
}

// Which of the four classes from `column` on the mask keeps.
fn row_mask(column: u32) -> vec4<bool> {
  let bit = row_mask_start + column;
  let shift = bit & 31u;
  var bits = mask[bit >> 5u] >> shift;
  if shift > 28u { bits |= mask[(bit >> 5u) + 1u] << (32u - shift); }
  return (vec4<u32>(bits) & vec4<u32>(1u, 2u, 4u, 8u)) != vec4<u32>(0u);
}
