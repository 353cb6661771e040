// Bare random words: y[i] = the words of run i's samples, xor-ed together.
//
// What the samples of an expectation cost before anything is done with them. An invocation takes a run of 1,024
// samples, as in shaders/sampling/expectation.wgsl: 256 quads of each coordinate. The generator is put in front.
//
// `const WG = …u;` is prepended.

struct Params { runs: u32, coordinates: u32, seed: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<vec4<u32>>;
@group(0) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let run = id.x;
  if run >= params.runs { return; }
  var all = vec4<u32>(0u);
  for (var quad = 0u; quad < 256u; quad++) {
    for (var coordinate = 0u; coordinate < params.coordinates; coordinate++) {
      all ^= random_words(vec4<u32>(run * 256u + quad, 0u, 0u, coordinate), vec2<u32>(params.seed, 0u));
    }
  }
  y[run] = all;
}
