// The sums of a block from those of its runs, by a fixed binary tree over 64 leaves; runs that are not there count as 0.
//
// An invocation takes one word of one block: the first `floats` words of a record add as f32, then `peaks` words are largest
// values, and the rest add as u32.

struct Params {
  words: u32,
  floats: u32,
  peaks: u32,
  runs: u32,
  items: u32,
}

@group(0) @binding(0) var<storage, read> runs: array<u32>;
@group(0) @binding(1) var<storage, read_write> blocks: array<u32>;
@group(0) @binding(2) var<uniform> params: Params;

fn leaf(base: u32, run: u32) -> u32 {
  if run >= params.runs { return 0u; }
  return runs[base + run * params.words];
}

fn join(a: u32, b: u32, kind: u32) -> u32 {
  if kind == 0u { return bitcast<u32>(bitcast<f32>(a) + bitcast<f32>(b)); }
  if kind == 1u { return select(b, a, bitcast<f32>(a) > bitcast<f32>(b)); }
  return a + b;
}

fn join8(base: u32, run: u32, kind: u32) -> u32 {
  let left = join(
    join(leaf(base, run), leaf(base, run + 1u), kind),
    join(leaf(base, run + 2u), leaf(base, run + 3u), kind),
    kind,
  );
  let right = join(
    join(leaf(base, run + 4u), leaf(base, run + 5u), kind),
    join(leaf(base, run + 6u), leaf(base, run + 7u), kind),
    kind,
  );
  return join(left, right, kind);
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = (group.y * groups.x + group.x) * WG + local;
  if item >= params.items { return; }
  let unit = item / params.words;
  let word = item - unit * params.words;
  let kind = select(select(2u, 1u, word < params.floats + params.peaks), 0u, word < params.floats);
  let base = unit * params.runs * params.words + word;
  var eighths: array<u32, 8>;
  for (var k = 0u; k < 8u; k++) { eighths[k] = join8(base, k * 8u, kind); }
  blocks[item] = join(
    join(join(eighths[0], eighths[1], kind), join(eighths[2], eighths[3], kind), kind),
    join(join(eighths[4], eighths[5], kind), join(eighths[6], eighths[7], kind), kind),
    kind,
  );
}
