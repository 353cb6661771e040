// Logarithms of products, and what factorisations are judged by.

const GAUSSIAN_FINE = 0xffffffffu;
const GAUSSIAN_LIMIT = 167772.16; // condition number * 2^-24 = 1e-2
const GAUSSIAN_SLACK = 1e-6;      // difference from symmetry that roundings explain
const GAUSSIAN_TRIPS = 8u;        // power iterations

fn gaussian_mantissa(p: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(p) & 0x7fffffu) | 0x3f800000u);
}

fn gaussian_exponent(p: f32) -> f32 {
  return f32(i32(bitcast<u32>(p) & 0x7f800000u)) * 0x1p-23 - 127.0;
}

// log(mantissas 2^exponents)
fn gaussian_log_determinant(mantissas: f32, exponents: f32, zero: u32) -> f32 {
  return math_opaque(exponents * MATH_LN2_HIGH, zero) + (math_log(mantissas, zero) + exponents * MATH_LN2_LOW);
}

fn gaussian_asymmetric(a: f32, b: f32, size: f32) -> bool {
  return abs(a - b) > GAUSSIAN_SLACK * max(size, abs(a));
}
