// The k = params.own largest logits of each row: y[r, :] their values over the temperature, largest first, equal ones by id, and
// ids[r, :] their classes. What is hidden or -inf does not count: places left over have value -inf and id -1. A row with a NaN or
// +inf has NaN and -1 everywhere.
//
// LANES lanes a row. Each finds the best of its share. At least k classes are as good as the k-th best of these bests, so the others
// are out: the lanes that have any, k at most, walk their shares once more and put them in a list, where each is counted into its
// place. If the list is too short, which takes a row whose best classes lie in few lanes, or if LANES is 1, classes are taken one by
// one: the lane that had the best looks for its next. A logit is read once, and those of k lanes a second time (one by one: of
// one lane k times).
//
// Split: an item is a segment, and PART, its best classes are written as candidates; MERGE, candidates are read instead of logits.
//
// include: lib/row/row-params.wgsl, lib/place.wgsl, lib/halves.wgsl, lib/row/load-*.wgsl

@group(0) @binding(0) var<storage, read> x: array<Words>;
@group(0) @binding(1) var<storage, read> mask: array<u32>;
@group(0) @binding(2) var<storage, read> parts: array<u32>; // key and mark of each candidate
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> ids: array<u32>;
@group(0) @binding(5) var<uniform> params: Params;

// A class by its logit as a whole number that grows with it, and by what is left of 2^32 - 1 above its id: the better of two has the
// larger x, or as large a one and the larger y. No arithmetic of floats, so nothing is flushed or assumed away.
alias Candidate = vec2<u32>;

const NOBODY = vec2<u32>(0u, 0u);      // hidden or -inf: keys of finite logits start from 1
const ODD = 0xff000000u;               // keys of +inf and NaN start from it
const NEGATIVE_INFINITY_BITS = 0xff800000u;
const INFINITY_BITS = 0x7f800000u;
const NAN_BITS = 0x7fc00000u;
const ROOM = 4u * LANES;               // of a row's list
const ROWS = WG / LANES;

var<workgroup> bests: array<Candidate, WG>;
var<workgroup> list: array<Candidate, ROWS * ROOM>;
var<workgroup> listed: array<atomic<u32>, ROWS>;
var<workgroup> least: array<Candidate, ROWS>; // the k-th best of a row's lanes' bests
var<workgroup> crowded: u32; // the longest list

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = share_of(place_find(group, groups, local));
  var mine = NOBODY;  // the best of this lane's share that is left
  var taken = NOBODY; // the last that was taken of the row
  var odd = false;
  for (var rank = 0u; rank < params.own; rank++) {
    if rank == 0u || (mine.x != 0u && all(mine == taken)) { mine = best_below(place, taken, rank == 0u); }
    if LANES > 1u {
      if rank == 0u {
        if select_listed(place, local, mine) { return; }
      }
      taken = best_of_lanes(place, local, mine);
    } else {
      taken = mine;
    }
    odd = odd || taken.x >= ODD;
    if place.lane == 0u { put(place, rank, taken, odd); }
  }
}

fn best_of_lanes(place: RowItem, local: u32, mine: Candidate) -> Candidate {
  let start = local - place.lane;
  bests[local] = mine;
  workgroupBarrier();
  var best = mine;
  for (var k = start; k < start + LANES; k++) {
    if is_better(bests[k], best) { best = bests[k]; }
  }
  workgroupBarrier();
  return best;
}

// Selects by lists, unless one is too short: then no row of the workgroup is written. `first` is the best of the lane's share.
fn select_listed(place: RowItem, local: u32, first: Candidate) -> bool {
  let slot = local / LANES;
  bests[local] = first;
  if place.lane == 0u {
    least[slot] = NOBODY;
    atomicStore(&listed[slot], 0u);
  }
  if local == 0u { crowded = 0u; }
  workgroupBarrier();

  var ahead = 0u;
  var top = 0u;
  for (var k = slot * LANES; k < (slot + 1u) * LANES; k++) {
    ahead += select(0u, 1u, is_better(bests[k], first));
    top = max(top, bests[k].x);
  }
  if ahead + 1u == params.own && first.x != 0u { least[slot] = first; }
  workgroupBarrier();

  list_from(place, slot, first, least[slot]);
  workgroupBarrier();
  if local == 0u {
    for (var k = 0u; k < ROWS; k++) { crowded = max(crowded, atomicLoad(&listed[k])); }
  }
  if workgroupUniformLoad(&crowded) > ROOM { return false; }

  let count = atomicLoad(&listed[slot]);
  for (var k = place.lane; k < max(count, params.own); k += LANES) {
    var mine = NOBODY;
    var rank = k;
    if k < count {
      mine = list[slot * ROOM + k];
      rank = 0u;
      for (var j = 0u; j < count; j++) { rank += select(0u, 1u, is_better(list[slot * ROOM + j], mine)); }
    }
    if rank < params.own { put(place, rank, mine, top >= ODD); }
  }
  return true;
}

// The place with what a lane goes through: logits, or candidates of all segments of the row.
fn share_of(place: RowItem) -> RowItem {
  var share = place;
  if MERGE { share.count = params.parts * params.own; }
  return share;
}

fn is_better(a: Candidate, b: Candidate) -> bool {
  return a.x > b.x || (a.x == b.x && a.y > b.y);
}

struct Four {
  keys: vec4<u32>,
  marks: vec4<u32>,
}

// Four candidates from the k-th of the share.
fn four_at(place: RowItem, k: u32) -> Four {
  let inside = vec4<u32>(k, k + 1u, k + 2u, k + 3u) < vec4<u32>(place.count);
  if MERGE {
    // Rank by rank, so that the best of the segments lie in many lanes' shares.
    let at = 2u * ((params.first + place.row) * place.count + k);
    let keys = vec4<u32>(parts[at], parts[at + 2u], parts[at + 4u], parts[at + 6u]);
    let marks = vec4<u32>(parts[at + 1u], parts[at + 3u], parts[at + 5u], parts[at + 7u]);
    return Four(select(vec4<u32>(0u), keys, inside), select(vec4<u32>(0u), marks, inside));
  }
  let column = place.column + k;
  var keep = inside;
  if MASKED { keep = keep & row_mask(column); }
  let bits = select(vec4<u32>(NEGATIVE_INFINITY_BITS), row_load(place.at + k), keep);
  // Both zeros have the key of 0.
  let negative = bits >= vec4<u32>(0x80000000u);
  let keys = select(bits + vec4<u32>(INFINITY_BITS), vec4<u32>(NEGATIVE_INFINITY_BITS) - bits, negative);
  return Four(keys, ~(vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u)));
}

// The best of a lane's share, or, unless ALL, of those in it that are worse than `limit`.
fn best_below(place: RowItem, limit: Candidate, all: bool) -> Candidate {
  var keys = vec4<u32>(0u);
  var marks = vec4<u32>(0u);
  for (var k = 4u * place.lane; k < place.count; k += 4u * LANES) {
    let four = four_at(place, k);
    let worse = (four.keys < vec4<u32>(limit.x)) | ((four.keys == vec4<u32>(limit.x)) & (four.marks < vec4<u32>(limit.y)));
    var better = four.keys > keys;
    // Of equal logits the first has the smallest id.
    if MERGE { better = better | ((four.keys == keys) & (four.marks > marks)); }
    let taken = better & (worse | vec4<bool>(all));
    keys = select(keys, four.keys, taken);
    marks = select(marks, four.marks, taken);
  }
  var best = vec2<u32>(keys.x, marks.x);
  if is_better(vec2<u32>(keys.y, marks.y), best) { best = vec2<u32>(keys.y, marks.y); }
  if is_better(vec2<u32>(keys.z, marks.z), best) { best = vec2<u32>(keys.z, marks.z); }
  if is_better(vec2<u32>(keys.w, marks.w), best) { best = vec2<u32>(keys.w, marks.w); }
  return best;
}

// Puts what a lane has of candidates that are `limit` or better in the row's list, as far as there is room.
fn list_from(place: RowItem, slot: u32, first: Candidate, limit: Candidate) {
  if first.x == 0u || is_better(limit, first) { return; }
  for (var k = 4u * place.lane; k < place.count; k += 4u * LANES) {
    let four = four_at(place, k);
    if !any(four.keys >= vec4<u32>(max(limit.x, 1u))) { continue; }
    for (var j = 0u; j < 4u; j++) {
      let one = vec2<u32>(four.keys[j], four.marks[j]);
      if one.x == 0u || is_better(limit, one) { continue; }
      let at = atomicAdd(&listed[slot], 1u);
      if at < ROOM { list[slot * ROOM + at] = one; }
    }
  }
}

// Writes the candidate of this rank; `odd` rows have none.
fn put(place: RowItem, rank: u32, one: Candidate, odd: bool) {
  if !place.live { return; }
  if PART {
    let at = ((params.first + place.row) * params.own + rank) * params.segments + place.segment;
    y[2u * at] = one.x;
    y[2u * at + 1u] = one.y;
    return;
  }
  let at = params.start + place.row * params.own + rank;
  // Nobody's mark is 0, whose id is -1.
  ids[at] = select(~one.y, 0xffffffffu, odd);
  y[at] = select(value_of(place, one), NAN_BITS, odd);
}

// The bits of the logit over the temperature.
fn value_of(place: RowItem, one: Candidate) -> u32 {
  if one.x == 0u { return NEGATIVE_INFINITY_BITS; }
  let bits = row_load_one(place.at - place.skip + ~one.y - params.begin);
  if params.rate == 1.0 { return bits; }
  let logit = bitcast<f32>(bits);
  let scaled = (logit * 0x1p-100f) * params.rate;
  let beyond = (bits & 0x80000000u) | INFINITY_BITS;
  return select(bitcast<u32>(logit * params.rate), beyond, abs(scaled) >= 0x1p+28f);
}
