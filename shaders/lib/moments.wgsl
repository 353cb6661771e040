// Count, mean and sum of squared deviations from the mean, of values that are given as distances from some pivot.

struct Moments {
  count: f32,
  mean: f32,
  squares: f32,
}

// Those of both together (T. Chan, G. Golub, R. LeVeque, The American Statistician 37, 1983).
fn moments_join(a: Moments, b: Moments) -> Moments {
  let count = a.count + b.count;
  let share = b.count / max(count, 1.0);
  let apart = b.mean - a.mean;
  return Moments(count, a.mean + apart * share, (a.squares + b.squares) + apart * apart * (a.count * share));
}
