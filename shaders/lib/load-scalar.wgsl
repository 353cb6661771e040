// Four values of x from element `at`; those past the row's end are not looked at.
fn row_load(at: u32) -> vec4<u32> {
  return vec4<u32>(x[at], x[at + 1u], x[at + 2u], x[at + 3u]);
}

fn row_load_one(at: u32) -> u32 {
  return x[at];
}
