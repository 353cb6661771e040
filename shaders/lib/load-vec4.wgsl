// Four values of x from element `at`, a multiple of 4.
fn row_load(at: u32) -> vec4<u32> {
  return x[at >> 2u];
}

fn row_load_one(at: u32) -> u32 {
  return x[at >> 2u][at & 3u];
}
