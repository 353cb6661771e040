// Count, mean and sum of squared deviations of each stretch of LENGTH advantages of a minibatch, about the minibatch's
// first: a large common offset costs no digits, and the deviations are taken from the stretch's own mean, in a second sweep.
//
// One workgroup a stretch; its WG lanes stride over it twice, add up a few at a time, and join by trees.
//
// include: lib/moments.wgsl

// `const WG` and `const LENGTH` are prepended.

const SHORT = 16u; // additions one after another: fewer roundings pile up

struct Params {
  total: u32,
  size: u32,  // advantages a minibatch
  parts: u32, // stretches a minibatch
  items: u32, // stretches in all
}

@group(0) @binding(0) var<storage, read> advantages: array<f32>;
@group(0) @binding(1) var<storage, read_write> moments: array<Moments>;
@group(0) @binding(2) var<uniform> params: Params;

var<workgroup> lanes: array<f32, WG>;

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
  let count = f32(end - start);
  var sum = 0.0;
  for (var k = start + local; k < end; k += SHORT * WG) {
    var part: f32;
    part = 0.0;
    for (var j = k; j < min(end, k + SHORT * WG); j += WG) { part += advantages[j] - pivot; }
    sum += part;
  }
  let mean = total_of(sum, local) / max(count, 1.0);
  var squares = 0.0;
  for (var k = start + local; k < end; k += SHORT * WG) {
    var part: f32;
    part = 0.0;
    for (var j = k; j < min(end, k + SHORT * WG); j += WG) {
      let deviation = (advantages[j] - pivot) - mean;
      part += deviation * deviation;
    }
    squares += part;
  }
  let spread = total_of(squares, local);
  if local == 0u { moments[item] = Moments(count, mean, spread); }
}
