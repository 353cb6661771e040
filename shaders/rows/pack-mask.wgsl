// Mask bits of a tensor of flags: bit c & 31 of bits[r, c >> 5] is 1 where flags[r, c] is not 0 (nor, of FLOATS, -0). The first of FLOATS
// that is neither 0 nor 1 is reported in `fault` as ~(r classes + c).
//
// One invocation a word of 32 flags; each flag is read once.

// `const FLOATS` is prepended: whether the flags are f32.

struct Params {
  rows: u32,
  classes: u32,
  words: u32,
}

@group(0) @binding(0) var<storage, read> flags: array<u32>;
@group(0) @binding(1) var<storage, read_write> bits: array<u32>;
@group(0) @binding(2) var<storage, read_write> fault: array<atomic<u32>>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let word = (group.x + group.y * groups.x) * 64u + local;
  if word >= params.rows * params.words { return; }
  let row = word / params.words;
  let column = (word - row * params.words) * 32u;
  let count = min(32u, params.classes - column);
  let first = row * params.classes + column;
  var packed = 0u;
  var bad = 0u;
  for (var k = 0u; k < count; k++) {
    let flag = flags[first + k];
    let kept = (flag & select(0xffffffffu, 0x7fffffffu, FLOATS)) != 0u;
    if FLOATS { bad = max(bad, select(0u, ~(first + k), kept && flag != 0x3f800000u)); }
    packed |= select(0u, 1u << k, kept);
  }
  bits[word] = packed;
  if FLOATS && bad != 0u { atomicMax(&fault[0], bad); }
}
