// Count, mean and sum of squared deviations from the mean, of values that are given as distances from some pivot; in units
// of 2^-lift, so that squares of values near the ends of f32 neither overflow nor vanish.

struct Moments {
  count: f32,
  mean: f32,
  squares: f32,
  lift: i32,
}

// Of nothing: any other lift is less.
fn moments_none() -> Moments { return Moments(0.0, 0.0, 0.0, 127); }

// 2^n, for n from -126 to 127; beyond them the nearest of these.
fn moments_power(n: i32) -> f32 {
  return bitcast<f32>(u32(clamp(n, -126, 127) + 127) << 23u);
}

// Whether moments in units of 1 can be trusted: squares from 2^-60 to 2^110, so that none that matters was lost and none
// overflowed (NaN is not), and a mean whose square another mean's can be taken from.
fn moments_trusted(m: Moments) -> bool {
  return bitcast<u32>(m.squares) - 0x21800000u <= 0x76800000u - 0x21800000u && abs(m.mean) < 0x1p50;
}

// The lift of values whose largest magnitude has these bits: as little as puts it from 2^-25 to 2^46.
fn moments_lift(top: u32) -> i32 {
  let exponent = i32(top >> 23u) - 127;
  return select(clamp(-25 - exponent, 0, 102) - clamp(exponent - 45, 0, 83), 0, top >= 0x7f800000u);
}

// Those of both together (T. Chan, G. Golub, R. LeVeque, The American Statistician 37, 1983).
fn moments_join(first: Moments, second: Moments) -> Moments {
  let lift = min(first.lift, second.lift);
  let a = moments_lifted(first, lift);
  let b = moments_lifted(second, lift);
  let count = a.count + b.count;
  let share = b.count / max(count, 1.0);
  let apart = b.mean - a.mean;
  let squares = (a.squares + b.squares) + apart * apart * (a.count * share);
  return Moments(count, a.mean + apart * share, squares, lift);
}

// The same in larger units.
fn moments_lifted(m: Moments, lift: i32) -> Moments {
  let power = moments_power(lift - m.lift);
  return Moments(m.count, m.mean * power, m.squares * power * power, lift);
}
