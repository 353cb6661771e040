// Sums of f over samples that exist only in registers: counter → words → variates → f → sums.
//
// An invocation takes one run of 1,024 samples, 256 quads; 64 runs are a block, whose tree of sums is fold-blocks.wgsl.
// A dispatch takes `blocks` blocks of each of some replicates; replicate r draws from stream + r. The sums of a run are about
// a shift, in four lanes (sample mod 4) that fold as (x + y) + (z + w).
//
// The quick loop trusts its samples. What it cannot treat is flagged, and a second loop visits it: quads with a rare word
// (whose variate takes a second word), quads that reach beyond the range asked for, and, where the sums show that some value
// was not finite, the whole run again. Rare quads have lanes of their own, so the order of additions depends on the words alone.
//
// In front of this stand the generator, variates, the emitted `integrand` and the emitted functions on its tallies:
//   Params, Fixed, fixed_params(), shifts_at(replicate), place_at(…) -> Place
//   draw_quad(place, fixed, q) -> Quad           four samples, rare = some variate takes a second word
//   draw_words(place, q) -> Words                draw_lane(&Words, fixed, j) -> Lane   one sample, with its second words
//   sums_quad(&Sums, Quad, Shifts, keep)         sums_lane(&LaneSums, Lane, Shifts, j, keep)
//   sums_finite(&Sums) -> bool                   sums_store(at, &Sums, &rare, &redone, redo, nonfinite, count)

const RUN_QUADS = 256u;
const BLOCK_QUADS = 16384u;
const BLOCK_SAMPLES = 65536u;

@group(0) @binding(0) var<storage, read> shifts: array<f32>;
@group(0) @binding(1) var<storage, read> directions: array<u32>;
@group(0) @binding(2) var<storage, read_write> runs: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

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
  let place = place_at(low, high, params.stream + replicate, vec2<u32>(params.seed_lo, params.seed_hi));
  let fixed = fixed_params();
  let shift = shifts_at(replicate);

  let q_begin = begin / 4u;
  let q_end = (end + 3u) / 4u;
  var sums: Sums;
  var count = 0u;
  var flags: array<u32, 8>;
  for (var base = q_begin & ~31u; base < q_end; base += 32u) {
    var bits = 0u;
    let stop = min(q_end, base + 32u);
    for (var q = max(q_begin, base); q < stop; q++) {
      let quad = draw_quad(place, fixed, q);
      let flagged = quad.rare || q * 4u < begin || q * 4u + 4u > end;
      sums_quad(&sums, quad, shift, !flagged);
      count += select(4u, 0u, flagged);
      bits |= select(0u, 1u, flagged) << (q & 31u);
    }
    flags[base >> 5u] = bits;
  }

  let redo = begin < end && !sums_finite(&sums);
  if redo {
    count = 0u;
    for (var base = q_begin & ~31u; base < q_end; base += 32u) {
      // Quads of this group of 32 that hold samples: from max(q_begin, base) to min(q_end, base + 32).
      let below = select(0u, (1u << (q_begin & 31u)) - 1u, base < q_begin);
      let left = q_end - base;
      let within = select(0xffffffffu, (1u << (left & 31u)) - 1u, left < 32u);
      flags[base >> 5u] = within & ~below;
    }
  }
  var rare: LaneSums;
  var redone: LaneSums;
  for (var base = q_begin & ~31u; base < q_end; base += 32u) {
    var bits = flags[base >> 5u];
    while bits != 0u {
      let q = base + firstTrailingBit(bits);
      bits &= bits - 1u;
      let ragged = q * 4u < begin || q * 4u + 4u > end;
      var words = draw_words(place, q);
      for (var j = 0u; j < 4u; j++) {
        let lane = draw_lane(&words, fixed, j);
        let asked = q * 4u + j >= begin && q * 4u + j < end;
        let apart = ragged || lane.rare;
        sums_lane(&rare, lane, shift, j, asked && apart);
        sums_lane(&redone, lane, shift, j, asked && !apart);
        count += select(0u, 1u, asked);
      }
    }
  }
  sums_store(item, &sums, &rare, &redone, redo, count);
}
