import { createHash } from "node:crypto";

const double = new Float64Array(1);
const doubleBits = new BigInt64Array(double.buffer);
const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** Each f64 with its neighbours below and above, as numpy.nextafter gives them. */
export function around64(values: Iterable<number>): number[] {
  return Array.from(values).flatMap((x) => [-up64(-x), x, up64(x)]);
}

/** Each f32 with its neighbours below and above. */
export function around32(values: Iterable<number>): number[] {
  return Array.from(values).flatMap((x) => [-up32(-x), x, up32(x)]);
}

function up64(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  double[0] = x;
  doubleBits[0] = (doubleBits[0] as bigint) + (x > 0 ? 1n : -1n);
  return double[0];
}

function up32(x: number): number {
  if (x === 0) return 2 ** -149;
  single[0] = x;
  singleBits[0] = (singleBits[0] as number) + (x > 0 ? 1 : -1);
  return single[0];
}

/** Of an array's bytes, as Python's hashlib gives it. */
export function sha256(values: ArrayBufferView): string {
  return createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
}
