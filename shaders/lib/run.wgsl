// A run of 1,024 samples, 256 quads in 16 groups; 64 runs are a block, whose tree of sums is fold-blocks.wgsl.
//
// A dispatch takes `blocks` blocks of each of some replicates; replicate r draws from stream + r. Sums are about a shift, in
// four lanes (sample mod 4) that fold as (x + y) + (z + w). The 16 quads of a group are summed apart and then added to the run's:
// 256 additions one after another would lose the same low bits again and again where values repeat.
//
// The quick loop trusts its samples. What it cannot treat is flagged, and a second loop visits it: quads with a rare word
// (whose variate takes a second word) or a rejected sample (which is drawn again), and quads that reach beyond the range asked
// for. These have lanes of their own, so the order of additions depends on the words and the range alone. Where the sums show
// that some value was not finite, a third loop goes through the quick loop's quads again and leaves such values out.
//
// Conditions are joined by & and |, not && and ||: those branch, and SwiftShader's compiler takes exponentially long over dozens
// of branches in a loop.
//
// In front of this stand `const BRANCHES`, the generator, variates, the emitted `integrand` and the emitted functions on its tallies:
//   Fixed, fixed_params(), shifts_at(replicate), origin_at(…) -> SampleOrigin
//   place_at(origin, q) -> Place                 quad q of the run, place_next(origin, place) -> Place the one behind it
//   draw_quad(origin, fixed, place) -> Quad      four samples, rare = some variate takes a second word, or is rejected
//   draw_words(origin, place) -> Words
//   draw_lanes(origin, place, &Words, fixed) -> array<Lane, 4>   each with its second words, drawn again until it is accepted
//   sums_quad(&Sums, Quad, Shifts, keep)         sums_join(&Sums, &Sums) adds a group's sums to the run's
//   sums_lanes(&Sums) -> array<LaneSums, 4>      lane_added(LaneSums, Lane, Shifts, keep), lanes_joined(LaneSums, LaneSums) -> LaneSums
//   lanes_finite(array<LaneSums, 4>) -> bool     record_store(item, array<LaneSums, 4>, count)

struct Params {
  items: u32,
  runs: u32,
  blocks: u32,
  skip: u32,
  tail: u32,
  quad_lo: u32,
  quad_hi: u32,
  stream: u32,
  seed_lo: u32,
  seed_hi: u32,
  strata_count: u32,
  strata_width: u32,
  strata_fraction: u32,
  zero: u32,
}

const RUN_QUADS = 256u;
const BLOCK_QUADS = 16384u;
const BLOCK_SAMPLES = 65536u;

@group(0) @binding(0) var<storage, read> shifts: array<f32>;
@group(0) @binding(1) var<storage, read> directions: array<u32>;
@group(0) @binding(2) var<storage, read> parameters: array<f32>;
@group(0) @binding(3) var<storage, read_write> runs: array<u32>;
@group(0) @binding(4) var<uniform> params: Params;

struct Run {
  origin: SampleOrigin,
  fixed: Fixed,
  shift: Shifts,
  // The samples asked for, [begin, end) of 0 … 1,024.
  begin: u32,
  end: u32,
}

fn run_at(item: u32) -> Run {
  let unit = item / params.runs;
  let run = item - unit * params.runs;
  let replicate = unit / params.blocks;
  let block = unit - replicate * params.blocks;
  let first = run * RUN_QUADS * 4u;
  let lower = select(0u, params.skip, block == 0u);
  let upper = select(BLOCK_SAMPLES, params.tail, block + 1u == params.blocks);
  let offset = block * BLOCK_QUADS + run * RUN_QUADS;
  let low = params.quad_lo + offset;
  let high = params.quad_hi + select(0u, 1u, low < offset);
  return Run(
    origin_at(low, high, params.stream + replicate, vec2<u32>(params.seed_lo, params.seed_hi)),
    fixed_params(),
    shifts_at(replicate),
    clamp(lower, first, first + RUN_QUADS * 4u) - first,
    clamp(upper, first, first + RUN_QUADS * 4u) - first,
  );
}

// Whether sample j of quad q is asked for.
fn asked(run: Run, q: u32, j: u32) -> bool {
  return (q * 4u + j >= run.begin) & (q * 4u + j < run.end);
}

// The quads of the group from `base` on, [x, y), all of whose samples are asked for.
fn whole_quads(run: Run, base: u32) -> vec2<u32> {
  return clamp(vec2<u32>((run.begin + 3u) / 4u, run.end / 4u), vec2<u32>(base), vec2<u32>(base + 16u));
}

// A bit for each quad of [x, y) in the group from `base` on.
fn quad_bits(range: vec2<u32>, base: u32) -> u32 {
  return ((1u << (range.y - base)) - 1u) & ~((1u << (range.x - base)) - 1u);
}

// Sums the group from `base` on; gives a bit for each of its quads that the second loop must visit.
fn sum_group(run: Run, base: u32, sums: ptr<function, Sums>) -> u32 {
  let whole = whole_quads(run, base);
  let some = clamp(vec2<u32>(run.begin / 4u, (run.end + 3u) / 4u), vec2<u32>(base), vec2<u32>(base + 16u));
  var flags = quad_bits(some, base) & ~quad_bits(whole, base);
  var bit = 1u << (whole.x - base);
  for (var place = place_at(run.origin, whole.x); place.q < whole.y; place = place_next(run.origin, place)) {
    let quad = draw_quad(run.origin, run.fixed, place);
    if BRANCHES {
      if quad.rare { flags |= 1u << (place.q - base); } else { sums_quad(sums, quad, run.shift, true); }
    } else {
      sums_quad(sums, quad, run.shift, !quad.rare);
      flags |= select(0u, bit, quad.rare);
    }
    bit *= 2u;
  }
  return flags;
}

// Samples that sum_group has summed.
fn quick_samples(run: Run, base: u32, flags: u32) -> u32 {
  return 4u * countOneBits(quad_bits(whole_quads(run, base), base) & ~flags);
}

// The samples of a quad, drawn one by one.
fn careful_quad(run: Run, q: u32) -> array<Lane, 4> {
  let place = place_at(run.origin, q);
  var words = draw_words(run.origin, place);
  return draw_lanes(run.origin, place, &words, run.fixed);
}

// The sums of the quads that sum_group has summed, without values that are not finite.
fn careful_group(run: Run, base: u32, flags: u32) -> array<LaneSums, 4> {
  let whole = whole_quads(run, base);
  var lanes: array<LaneSums, 4>;
  for (var j = 0u; j < 4u; j++) { lanes[j] = LaneSums(); }
  for (var q = whole.x; q < whole.y; q++) {
    var four = careful_quad(run, q);
    let flagged = (flags & (1u << (q - base))) != 0u;
    for (var j = 0u; j < 4u; j++) { lanes[j] = lane_added(lanes[j], four[j], run.shift, !flagged); }
  }
  return lanes;
}
