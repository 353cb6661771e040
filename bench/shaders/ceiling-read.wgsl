// Bare read: y[i] = Σ over the vec4s of x that are invocation i's.
//
// What any kernel that reads each value once could at best take. An invocation takes a run of neighbours, as a
// row a thread does, or (STRIDED) every n-th vec4, as rows across lanes do; four sums keep loads independent.
//
// `const STRIDED = …;` and `const WG = …u;` are prepended.

struct Params { quads: u32, run: u32, threads: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let thread = id.x;
  if thread >= params.threads { return; }
  let step = select(1u, params.threads, STRIDED);
  var at = select(thread * params.run, thread, STRIDED);
  let end = select(min(params.quads, at + params.run), params.quads, STRIDED);
  var a = vec4f(0.0);
  var b = vec4f(0.0);
  var c = vec4f(0.0);
  var d = vec4f(0.0);
  for (; at + 3u * step < end; at += 4u * step) {
    a += x[at];
    b += x[at + step];
    c += x[at + 2u * step];
    d += x[at + 3u * step];
  }
  for (; at < end; at += step) { a += x[at]; }
  y[thread] = (a + b) + (c + d);
}
