// Maps x = sum over k of r_k(x) (next_k + G_k (x - mean_k)) of four points at once, one a lane, r = softmax over the components k of a
// Gaussian mixture of their log-densities at x. G_k is diagonal in the component's axes, the rows of `axes`, which are the
// coordinates' unless ROTATED. One sweep over the components keeps the greatest log-density so far, the sum of the
// exponentials below it, and the sum of their maps.
//
// In front of this: D, the number of coordinates, and ROTATED. Behind it, in the kernel's file:
//   maps: array<vec4<f32>>   of a map (fresh noise, bound), then of each component (log-weight) and of each of its axes
//                            (mean, 1 / std, next, gain std)
//   axes: array<f32>         D rows of D for each component
//
// Loops that say `unrolled` are written out where there are few coordinates (src/robotics/transport/unroll.ts): software GPUs keep
// arrays in registers only where every index is a literal.
//
// Every result passes through blend_opaque; src/robotics/transport/blend.ts is the twin, to the bit.
//
// include: lib/math.wgsl, lib/elementary/exp.wgsl, lib/points.wgsl

const BLEND_FAR = 1e37; // half squared distances beyond this count as this: nothing overflows
const BLEND_LOWEST = -3e38; // less than any log-density
const BLEND_GONE = 60.0; // exp(-60) of a sum is nothing beside it, and its products are not subnormal

fn blend_opaque(x: vec4<f32>, zero: u32) -> vec4<f32> {
  return bitcast<vec4<f32>>(bitcast<vec4<u32>>(x) ^ vec4<u32>(zero));
}

// Where a component's constants start.
fn blend_component(at: u32, k: u32) -> u32 {
  return at + 1u + k * (1u + D);
}

// The whitened coordinates of x in component k's axes, and its log-density but for what all components share.
fn blend_whiten(x: ptr<function, Points>, y: ptr<function, Points>, own: u32, k: u32, zero: u32) -> vec4<f32> {
  var squares = vec4<f32>();
  for (var j = 0u; j < D; j++) { // unrolled
    var u = (*x)[j];
    if ROTATED {
      u = vec4<f32>();
      for (var i = 0u; i < D; i++) { // unrolled
        u = blend_opaque(u + blend_opaque(axes[(k * D + j) * D + i] * (*x)[i], zero), zero);
      }
    }
    let c = maps[own + 1u + j];
    let white = blend_opaque(blend_opaque(u - c.x, zero) * c.y, zero);
    (*y)[j] = white;
    squares = blend_opaque(squares + blend_opaque(white * white, zero), zero);
  }
  let half = blend_opaque(squares * 0.5, zero);
  let far = vec4<f32>(BLEND_FAR);
  return blend_opaque(maps[own].x - select(half, far, half > far), zero);
}

// Puts the map that starts at `at` into effect on x, in place.
fn blend_apply(x: ptr<function, Points>, at: u32, components: u32, zero: u32) {
  var y: Points;
  var sum = Points();
  var peak = vec4<f32>(BLEND_LOWEST);
  var total = vec4<f32>();
  let one = vec4<f32>(1.0);
  for (var k = 0u; k < components; k++) {
    let own = blend_component(at, k);
    let logit = blend_whiten(x, &y, own, k, zero);
    let rise = blend_opaque(logit - peak, zero);
    let higher = rise > vec4<f32>();
    let size = abs(rise);
    let powers = vec4<f32>(f_exp(-size.x, zero), f_exp(-size.y, zero), f_exp(-size.z, zero), f_exp(-size.w, zero));
    let less = select(powers, vec4<f32>(), size > vec4<f32>(BLEND_GONE));
    let keep = select(one, less, higher);
    let share = select(less, one, higher);
    peak = select(peak, logit, higher);
    total = blend_opaque(blend_opaque(total * keep, zero) + share, zero);
    for (var j = 0u; j < D; j++) { // unrolled
      let c = maps[own + 1u + j];
      y[j] = blend_opaque(c.z + blend_opaque(c.w * y[j], zero), zero);
    }
    for (var i = 0u; i < D; i++) { // unrolled
      var value = y[i];
      if ROTATED {
        value = vec4<f32>();
        for (var j = 0u; j < D; j++) { // unrolled
          value = blend_opaque(value + blend_opaque(axes[(k * D + j) * D + i] * y[j], zero), zero);
        }
      }
      sum[i] = blend_opaque(blend_opaque(sum[i] * keep, zero) + blend_opaque(share * value, zero), zero);
    }
  }
  for (var i = 0u; i < D; i++) { // unrolled
    (*x)[i] = blend_opaque(sum[i] / total, zero);
  }
}

// The component whose log-density is the greatest at each point, the first of equal ones.
fn blend_nearest(x: ptr<function, Points>, at: u32, components: u32, zero: u32) -> vec4<u32> {
  var y: Points;
  var peak = vec4<f32>(BLEND_LOWEST);
  var best = vec4<u32>();
  for (var k = 0u; k < components; k++) {
    let logit = blend_whiten(x, &y, blend_component(at, k), k, zero);
    let higher = logit > peak;
    peak = select(peak, logit, higher);
    best = select(best, vec4<u32>(k), higher);
  }
  return best;
}
