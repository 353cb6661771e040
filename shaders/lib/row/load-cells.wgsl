// x has a word for each four elements, and rows start anywhere in them.

fn row_load_one(at: u32) -> u32 {
  return x[at >> 2u][at & 3u];
}

// Four values of x from element `at`; those past the row's end are not looked at.
fn row_load(at: u32) -> vec4<u32> {
  return vec4<u32>(row_load_one(at), row_load_one(at + 1u), row_load_one(at + 2u), row_load_one(at + 3u));
}
