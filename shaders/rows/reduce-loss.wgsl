// Sums of loss records (value, weight, z-loss, marks) over rows, LENGTH records a workgroup; with LAST, the
// loss they make: the mean sum(value) / sum(weight) + sum(z) / count, or the sum of everything.
//
// One workgroup a stretch of records; its lanes stride over it and join by a tree.

const LOSS_NAN = 1u;
const LOSS_INFINITE = 2u;
const LOSS_MARKS = 7u;

struct Params {
  count: u32,  // records
  length: u32, // records a workgroup
  mean: u32,   // 1: mean, 0: sum
}

struct Record {
  value: f32,
  weight: f32,
  z: f32,
  marks: u32, // marks below 8, and 8 * rows counted
}

@group(0) @binding(0) var<storage, read> records: array<Record>;
@group(0) @binding(1) var<storage, read_write> sums: array<Record>;
@group(0) @binding(2) var<storage, read_write> loss: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

var<workgroup> lanes: array<Record, WG>;

fn join(a: Record, b: Record) -> Record {
  let count = (a.marks & ~LOSS_MARKS) + (b.marks & ~LOSS_MARKS);
  return Record(a.value + b.value, a.weight + b.weight, a.z + b.z, ((a.marks | b.marks) & LOSS_MARKS) | count);
}

@compute @workgroup_size(WG)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = group.x + group.y * groups.x;
  let start = item * params.length;
  let end = min(params.count, start + params.length);
  var total = Record(0.0, 0.0, 0.0, 0u);
  for (var k = start + local; k < end; k += WG) { total = join(total, records[k]); }
  for (var step = WG / 2u; step > 0u; step >>= 1u) {
    lanes[local] = total;
    workgroupBarrier();
    if local < step { total = join(total, lanes[local + step]); }
    workgroupBarrier();
  }
  if local != 0u || start >= max(params.count, 1u) { return; }
  sums[item] = total;
  if LAST { loss[0] = reduced(total); }
}

fn reduced(total: Record) -> u32 {
  let count = total.marks >> 3u;
  if (total.marks & LOSS_NAN) != 0u { return 0x7fc00000u; }
  if params.mean == 0u {
    if (total.marks & LOSS_INFINITE) != 0u { return 0x7f800000u; }
    return bitcast<u32>(total.value + total.z);
  }
  if total.weight == 0.0 { return 0x7fc00000u; } // the mean of nothing
  if (total.marks & LOSS_INFINITE) != 0u { return 0x7f800000u; }
  return bitcast<u32>(total.value / total.weight + total.z / f32(count));
}
