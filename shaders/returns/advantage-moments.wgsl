// Count, mean and sum of squared deviations of each stretch of LENGTH advantages of a minibatch, about the minibatch's
// first: a large common offset costs no digits, and the deviations are taken from the stretch's own mean, in a second sweep.
//
// One workgroup a stretch; its WG lanes stride over it twice, add up a few at a time, and join by trees. Where the squares do
// not fit f32, they do it again in other units.
//
// include: lib/math.wgsl, lib/moments.wgsl

// `const WG` and `const LENGTH` are prepended.

const SHORT = 16u; // additions one after another: fewer roundings pile up

struct Params {
  total: u32,
  size: u32,  // advantages a minibatch
  parts: u32, // stretches a minibatch
  items: u32, // stretches in all
  zero: u32,
}

@group(0) @binding(0) var<storage, read> advantages: array<f32>;
@group(0) @binding(1) var<storage, read_write> moments: array<Moments>;
@group(0) @binding(2) var<uniform> params: Params;

var<workgroup> lanes: array<f32, WG>;
var<workgroup> top: atomic<u32>;

// Advantages [start, end), and how they are measured: from a pivot, in units of 1 / scale.
struct Stretch {
  start: u32,
  end: u32,
  pivot: f32,
  scale: f32,
}

// The sum of the lanes' values, to every lane.
fn total_of(mine: f32, local: u32) -> f32 {
  lanes[local] = mine;
  workgroupBarrier();
  for (var step = WG / 2u; step > 0u; step >>= 1u) {
    if local < step { lanes[local] += lanes[local + step]; }
    workgroupBarrier();
  }
  let total = workgroupUniformLoad(&lanes[0]);
  return total;
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = group.x + group.y * groups.x;
  if item >= params.items { return; }
  let first = (item / params.parts) * params.size;
  let start = first + (item % params.parts) * LENGTH;
  let end = max(start, min(min(start + LENGTH, first + params.size), params.total));
  let pivot = advantages[first];
  var found = moments_of(Stretch(start, end, pivot, 1.0), local);
  if !moments_trusted(found) {
    let lift = moments_lift(top_of(start, end, pivot, local));
    let scale = moments_power(lift);
    found = moments_of(Stretch(start, end, math_opaque(pivot * scale, params.zero), scale), local);
    found.lift = lift;
  }
  if local == 0u { moments[item] = found; }
}

fn moments_of(s: Stretch, local: u32) -> Moments {
  let count = f32(s.end - s.start);
  var sum = 0.0;
  for (var k = s.start + local; k < s.end; k += SHORT * WG) {
    var part: f32;
    part = 0.0;
    for (var j = k; j < min(s.end, k + SHORT * WG); j += WG) { part += advantages[j] * s.scale - s.pivot; }
    sum += part;
  }
  let mean = total_of(sum, local) / max(count, 1.0);
  var squares = 0.0;
  for (var k = s.start + local; k < s.end; k += SHORT * WG) {
    var part: f32;
    part = 0.0;
    for (var j = k; j < min(s.end, k + SHORT * WG); j += WG) {
      let deviation = (advantages[j] * s.scale - s.pivot) - mean;
      part += deviation * deviation;
    }
    squares += part;
  }
  return Moments(count, mean, total_of(squares, local), 0);
}

// The largest magnitude among the advantages and the pivot, as bits, to every lane.
fn top_of(start: u32, end: u32, pivot: f32, local: u32) -> u32 {
  var mine = bitcast<u32>(pivot) & 0x7fffffffu;
  for (var k = start + local; k < end; k += WG) { mine = max(mine, bitcast<u32>(advantages[k]) & 0x7fffffffu); }
  atomicMax(&top, mine);
  workgroupBarrier();
  return atomicLoad(&top);
}
