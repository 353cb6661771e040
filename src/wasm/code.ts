/** Types of WebAssembly values. */
export type ValueType = "i32" | "f32" | "f64" | "v128";

/** Bytes of instructions that leave one value on the stack. */
export interface Code<T extends ValueType = ValueType> {
  readonly type: T;
  readonly bytes: readonly number[];
}

export type I32 = Code<"i32">;
export type F32 = Code<"f32">;
export type F64 = Code<"f64">;
/** 128 bits: four f32 or i32 lanes, or two f64 ones. */
export type V128 = Code<"v128">;

/** Instructions that leave nothing on the stack. */
export type Statement = readonly number[];

export function code<T extends ValueType>(type: T, ...parts: readonly (readonly number[])[]): Code<T> {
  return { type, bytes: parts.flat() };
}

/** An unsigned number in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 128 : low);
  } while (rest > 0);
  return bytes;
}

/** A signed 32-bit number in LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const low = rest & 127;
    const done = rest >> 6 === 0 || rest >> 6 === -1;
    bytes.push(done ? low : low | 128);
    if (done) return bytes;
  }
}

/** The four bytes of an f32, least significant first. */
export function f32Bytes(value: number): number[] {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

/** The four bytes of a word, least significant first. */
export function wordBytes(value: number): number[] {
  return [...new Uint8Array(Int32Array.of(value).buffer)];
}

/** The eight bytes of an f64, least significant first. */
export function f64Bytes(value: number): number[] {
  return [...new Uint8Array(Float64Array.of(value).buffer)];
}
