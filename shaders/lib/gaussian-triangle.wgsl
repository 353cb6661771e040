// Factorisation of one matrix by a workgroup: its lower triangle lies in workgroup memory, row by row, and below it, as
// one more row, what is to be solved for. Column after column (Crout), lanes over the rows; the last row then holds
// z = L^-1 (x - mean). The diagonal keeps the pivots l_kk^2; `rates` has 1 / l_kk.
//
// With SCALE the matrix is the factor itself, else a covariance, whose symmetry is tested. CAP is the largest size.

var<workgroup> triangle: array<f32, (CAP + 1u) * (CAP + 2u) / 2u>;
var<workgroup> rates: array<f32, CAP>;
var<workgroup> precisions: array<f32, CAP>;
var<workgroup> shares: array<vec4<f32>, WG>;
var<workgroup> triangle_fault: atomic<u32>;

fn triangle_at(i: u32) -> u32 {
  return (i * (i + 1u)) / 2u;
}

fn triangle_complain(code: u32) {
  atomicMax(&triangle_fault, ~code);
}

// The smallest complaint, or GAUSSIAN_FINE; after a barrier.
fn triangle_verdict() -> u32 {
  return ~atomicLoad(&triangle_fault);
}

// Reads the matrix that starts at element `start` of `spread`.
fn triangle_load(start: u32, size: u32, lane: u32) {
  for (var i = lane; i < size; i += WG) { rates[i] = sqrt(abs(bitcast<f32>(spread[start + i * size + i]))); }
  workgroupBarrier();
  for (var k = lane; k < size * size; k += WG) {
    let i = k / size;
    let j = k - i * size;
    let bits = spread[start + k];
    if j <= i {
      triangle[triangle_at(i) + j] = bitcast<f32>(bits);
      if !SCALE {
        let other = bitcast<f32>(spread[start + j * size + i]);
        if gaussian_asymmetric(bitcast<f32>(bits), other, rates[i] * rates[j]) { triangle_complain(i); }
      }
    }
    if (j <= i || !SCALE) && (bits & GAUSSIAN_MAGNITUDE) >= GAUSSIAN_INFINITY { triangle_complain(0u); }
  }
  workgroupBarrier();
}

fn triangle_dot(i: u32, j: u32, count: u32) -> f32 {
  let a = triangle_at(i);
  let b = triangle_at(j);
  var sums = vec4<f32>(0.0);
  var k = 0u;
  for (; k + 3u < count; k += 4u) {
    sums += vec4<f32>(triangle[a + k], triangle[a + k + 1u], triangle[a + k + 2u], triangle[a + k + 3u]) *
      vec4<f32>(triangle[b + k], triangle[b + k + 1u], triangle[b + k + 2u], triangle[b + k + 3u]);
  }
  for (; k < count; k++) { sums.x += triangle[a + k] * triangle[b + k]; }
  return (sums.x + sums.y) + (sums.z + sums.w);
}

// Factorises, and solves for row `size`.
fn triangle_factorise(size: u32, lane: u32) {
  for (var k = 0u; k < size; k++) {
    for (var i = k + lane; i <= size; i += WG) {
      // A factor needs no more than the solving of the last row.
      if !SCALE || i == size { triangle[triangle_at(i) + k] -= triangle_dot(i, k, k); }
    }
    workgroupBarrier();
    let found = triangle[triangle_at(k) + k];
    let fine = found > 0.0;
    let safe = select(1.0, found, fine);
    let rate = select(inverseSqrt(safe), 1.0 / safe, SCALE);
    for (var i = k + 1u + lane; i <= size; i += WG) {
      if !SCALE || i == size { triangle[triangle_at(i) + k] *= rate; }
    }
    if lane == 0u {
      rates[k] = rate;
      if !fine { triangle_complain(size + k); }
    }
    workgroupBarrier();
  }
}

// The pivot l_kk^2, or with SCALE l_kk, with 1 in the place of what is not positive.
fn triangle_pivot(k: u32) -> f32 {
  let found = triangle[triangle_at(k) + k];
  return select(1.0, found, found > 0.0);
}

fn triangle_diagonal(k: u32) -> f32 {
  return triangle_pivot(k) * select(rates[k], 1.0, SCALE);
}

// Log-density at the mean.
fn triangle_level(size: u32, zero: u32) -> f32 {
  var mantissas = 1.0;
  var exponents = 0.0;
  for (var k = 0u; k < size; k++) {
    let pivot = triangle_pivot(k);
    mantissas *= gaussian_mantissa(pivot);
    exponents += gaussian_exponent(pivot);
  }
  return -(gaussian_log_determinant(mantissas, exponents, zero) * select(0.5, 1.0, SCALE) + f32(size) * MATH_HALF_LOG_TURN);
}

// L^-1 v in place, v being 0 before `start`.
fn triangle_forward(v: ptr<function, array<f32, CAP>>, start: u32, size: u32) {
  for (var i = start; i < size; i++) {
    let at = triangle_at(i);
    var rest = (*v)[i];
    for (var j = start; j < i; j++) { rest -= triangle[at + j] * (*v)[j]; }
    (*v)[i] = rest * rates[i];
  }
}

// L^-T v in place.
fn triangle_backward(v: ptr<function, array<f32, CAP>>, size: u32) {
  for (var k = 0u; k < size; k++) {
    let i = size - 1u - k;
    var rest = (*v)[i];
    for (var j = i + 1u; j < size; j++) { rest -= triangle[triangle_at(j) + i] * (*v)[j]; }
    (*v)[i] = rest * rates[i];
  }
}

// L L^T v in place.
fn triangle_multiply(v: ptr<function, array<f32, CAP>>, size: u32) {
  for (var i = 0u; i < size; i++) {
    var sum = triangle_diagonal(i) * (*v)[i];
    for (var j = i + 1u; j < size; j++) { sum += triangle[triangle_at(j) + i] * (*v)[j]; }
    (*v)[i] = sum;
  }
  for (var k = 0u; k < size; k++) {
    let i = size - 1u - k;
    let at = triangle_at(i);
    var sum = triangle_diagonal(i) * (*v)[i];
    for (var j = 0u; j < i; j++) { sum += triangle[at + j] * (*v)[j]; }
    (*v)[i] = sum;
  }
}

// Sums over lanes.
fn triangle_total(mine: vec4<f32>, lane: u32) -> vec4<f32> {
  workgroupBarrier();
  shares[lane] = mine;
  workgroupBarrier();
  var total = vec4<f32>(0.0);
  for (var k = 0u; k < WG; k++) { total += shares[k]; }
  return total;
}

// Complains of what is too close to singular. trace(A) trace(A^-1) bounds the condition number from above; where that is
// too much, each lane iterates on unit vectors, and with s_k the sum of the k-th powers of the eigenvalues, s_2m / s_2m-1
// comes close to the largest from below, of A and of A^-1.
fn triangle_condition(size: u32, lane: u32) {
  var v: array<f32, CAP>;
  var mine = vec4<f32>(0.0);
  for (var c = lane; c < size; c += WG) {
    for (var i = 0u; i < size; i++) { v[i] = select(0.0, 1.0, i == c); }
    triangle_forward(&v, c, size);
    var own = 0.0; // entry c, c of the inverse
    for (var i = c; i < size; i++) { own += v[i] * v[i]; }
    mine.x += own;
    precisions[c] = own;
    let at = triangle_at(c);
    for (var j = 0u; j < c; j++) { mine.y += triangle[at + j] * triangle[at + j]; }
    mine.y += triangle_diagonal(c) * triangle_diagonal(c);
  }
  let traces = triangle_total(mine, lane);
  let suspicious = traces.x * traces.y > GAUSSIAN_LIMIT;
  let scales = 1.0 / traces;
  mine = vec4<f32>(0.0);
  for (var c = lane; c < select(0u, size, suspicious); c += WG) {
    mine += triangle_powers(c, size, scales.x, true) + triangle_powers(c, size, scales.y, false);
  }
  let powers = triangle_total(mine, lane);
  // The eigenvalues, scaled: sums of 8th powers over sums of 7th.
  let low = powers.x / powers.y / scales.x;
  let high = powers.z / powers.w / scales.y;
  if lane == 0u && suspicious && low * high > GAUSSIAN_LIMIT {
    // The coordinate that the others determine most.
    var weakest = 0u;
    for (var i = 1u; i < size; i++) { weakest = select(weakest, i, precisions[i] > precisions[weakest]); }
    triangle_complain(2u * size + weakest);
  }
}

// v_4 v_4 and v_3 v_4 for v_0 = e_c and v_k+1 = scale A^-1 v_k (in x, y), or scale A v_k (in z, w).
fn triangle_powers(c: u32, size: u32, scale: f32, inverse: bool) -> vec4<f32> {
  var v: array<f32, CAP>;
  var before: array<f32, CAP>;
  for (var i = 0u; i < size; i++) { v[i] = select(0.0, 1.0, i == c); }
  for (var trip = 0u; trip < 4u; trip++) {
    for (var i = 0u; i < size; i++) { before[i] = v[i]; }
    if inverse {
      triangle_forward(&v, 0u, size);
      triangle_backward(&v, size);
    } else {
      triangle_multiply(&v, size);
    }
    for (var i = 0u; i < size; i++) { v[i] *= scale; }
  }
  var found = vec2<f32>(0.0);
  for (var i = 0u; i < size; i++) { found += vec2<f32>(v[i], before[i]) * v[i]; }
  return select(vec4<f32>(0.0, 0.0, found), vec4<f32>(found, 0.0, 0.0), inverse);
}
