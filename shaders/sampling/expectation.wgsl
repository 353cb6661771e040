// Sums of f over samples that exist only in registers: counter → words → variates → f → sums.
//
// An invocation takes one run of 1,024 samples, 256 quads; 64 runs are a block, whose tree of sums is fold-blocks.wgsl.
// A dispatch takes `blocks` blocks of each of some replicates; replicate r draws from stream + r. Sums are about a shift, in
// four lanes (sample mod 4) that fold as (x + y) + (z + w). Each 16 quads are summed apart and then added to the run's: 256
// additions one after another would lose the same low bits again and again where values repeat.
//
// The quick loop trusts its samples. What it cannot treat is flagged, and a second loop visits it: quads with a rare word
// (whose variate takes a second word) or a rejected sample (which is drawn again), and quads that reach beyond the range asked
// for. These have lanes of their own, so the order of additions depends on the words and the range alone. Where the sums show
// that some value was not finite, a third loop goes through the quick loop's quads again and leaves such values out.
//
// Conditions are joined by & and |, not && and ||: those branch, and SwiftShader's compiler takes exponentially long over dozens
// of branches in a loop.
//
// In front of this stand the generator, variates, the emitted `integrand` and the emitted functions on its tallies:
//   Fixed, fixed_params(), shifts_at(replicate), origin_at(…) -> SampleOrigin
//   draw_quad(origin, fixed, q) -> Quad           four samples, rare = some variate takes a second word, or is rejected
//   draw_words(origin, q) -> Words
//   draw_lanes(origin, q, &Words, fixed) -> array<Lane, 4>   each with its second words, drawn again until it is accepted
//   sums_quad(&Sums, Quad, Shifts, keep)         sums_lane(&LaneSums, Lane, Shifts, j, keep)
//   sums_join(&Sums, &Sums), lanes_join(&LaneSums, &LaneSums)   adds a group's sums to the run's
//   sums_finite(&Sums) -> bool                   sums_store(item, &Sums, &rare, &redone, redo, count)

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

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.y * groups.x + group.x) * WG + local;
  if item >= params.items { return; }
  let unit = item / params.runs;
  let run = item - unit * params.runs;
  let replicate = unit / params.blocks;
  let block = unit - replicate * params.blocks;

  // The samples asked for of this run: [begin, end) of 0 … 1,024.
  let first = run * RUN_QUADS * 4u;
  let lower = select(0u, params.skip, block == 0u);
  let upper = select(BLOCK_SAMPLES, params.tail, block + 1u == params.blocks);
  let begin = clamp(lower, first, first + RUN_QUADS * 4u) - first;
  let end = clamp(upper, first, first + RUN_QUADS * 4u) - first;

  let offset = block * BLOCK_QUADS + run * RUN_QUADS;
  let low = params.quad_lo + offset;
  let high = params.quad_hi + select(0u, 1u, low < offset);
  let origin = origin_at(low, high, params.stream + replicate, vec2<u32>(params.seed_lo, params.seed_hi));
  let fixed = fixed_params();
  let shift = shifts_at(replicate);

  let q_begin = begin / 4u;
  let q_end = (end + 3u) / 4u;
  let first_group = q_begin & ~15u;
  var sums = Sums();
  // Set anew in each trip by an assignment: a declaration within the loop is zeroed once only on SwiftShader.
  var part: Sums;
  var count = 0u;
  var flags: array<u32, 16>;
  for (var base = first_group; base < q_end; base += 16u) {
    part = Sums();
    var bits = 0u;
    var bit = 1u;
    for (var q = base; q < base + 16u; q++) {
      let quad = draw_quad(origin, fixed, q);
      let flagged = quad.rare | (q * 4u < begin) | (q * 4u + 4u > end);
      sums_quad(&part, quad, shift, !flagged);
      count += select(4u, 0u, flagged);
      bits |= select(0u, bit, flagged);
      bit *= 2u;
    }
    sums_join(&sums, &part);
    flags[base / 16u] = bits;
  }

  var rare = LaneSums();
  for (var base = first_group; base < q_end; base += 16u) {
    var bits = flags[base / 16u];
    while bits != 0u {
      let q = base + firstTrailingBit(bits);
      bits &= bits - 1u;
      var words = draw_words(origin, q);
      var four = draw_lanes(origin, q, &words, fixed);
      for (var j = 0u; j < 4u; j++) {
        let asked = (q * 4u + j >= begin) & (q * 4u + j < end);
        sums_lane(&rare, four[j], shift, j, asked);
        count += select(0u, 1u, asked);
      }
    }
  }

  var redone = LaneSums();
  let redo = (begin < end) & !sums_finite(&sums);
  if redo {
    var lanes: LaneSums;
    for (var base = first_group; base < q_end; base += 16u) {
      lanes = LaneSums();
      for (var q = base; q < base + 16u; q++) {
        var words = draw_words(origin, q);
        var four = draw_lanes(origin, q, &words, fixed);
        let flagged = (flags[base / 16u] & (1u << (q & 15u))) != 0u;
        for (var j = 0u; j < 4u; j++) {
          sums_lane(&lanes, four[j], shift, j, !flagged);
        }
      }
      lanes_join(&redone, &lanes);
    }
  }
  sums_store(item, &sums, &rare, &redone, redo, count);
}
