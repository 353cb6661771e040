import { type Code, code, type F32, type F64, f32Bytes, f64Bytes, type I32, signed, unsigned } from "./code.ts";

const binary =
  <T extends "i32" | "f32" | "f64">(type: T, opcode: number) =>
  (a: Code<T>, b: Code<T>): Code<T> =>
    code(type, a.bytes, b.bytes, [opcode]);
const compare =
  <T extends "i32" | "f32" | "f64">(opcode: number) =>
  (a: Code<T>, b: Code<T>): I32 =>
    code("i32", a.bytes, b.bytes, [opcode]);
const unary =
  <T extends "i32" | "f32" | "f64">(type: T, opcode: number) =>
  (a: Code<T>): Code<T> =>
    code(type, a.bytes, [opcode]);

/** Operations on 32-bit integers; addresses are such integers too, `offset` in bytes. */
export const i32 = {
  const: (value: number): I32 => code("i32", [0x41], signed(value)),
  load: (at: I32, offset = 0): I32 => code("i32", at.bytes, [0x28, 2], unsigned(offset)),
  eqz: (a: I32): I32 => code("i32", a.bytes, [0x45]),
  eq: compare<"i32">(0x46),
  ne: compare<"i32">(0x47),
  ltS: compare<"i32">(0x48),
  ltU: compare<"i32">(0x49),
  gtS: compare<"i32">(0x4a),
  gtU: compare<"i32">(0x4b),
  geS: compare<"i32">(0x4e),
  add: binary("i32", 0x6a),
  sub: binary("i32", 0x6b),
  mul: binary("i32", 0x6c),
  divU: binary("i32", 0x6e),
  and: binary("i32", 0x71),
  or: binary("i32", 0x72),
  xor: binary("i32", 0x73),
  shl: binary("i32", 0x74),
  shrU: binary("i32", 0x76),
  /** The bits of an f32. */
  bits: (a: F32): I32 => code("i32", a.bytes, [0xbc]),
} as const;

export const f32 = {
  const: (value: number): F32 => code("f32", [0x43], f32Bytes(value)),
  load: (at: I32, offset = 0): F32 => code("f32", at.bytes, [0x2a, 2], unsigned(offset)),
  eq: compare<"f32">(0x5b),
  lt: compare<"f32">(0x5d),
  gt: compare<"f32">(0x5e),
  add: binary("f32", 0x92),
  sub: binary("f32", 0x93),
  mul: binary("f32", 0x94),
  div: binary("f32", 0x95),
  max: binary("f32", 0x97),
  /** The f32 that has these bits. */
  ofBits: (a: I32): F32 => code("f32", a.bytes, [0xbe]),
  ofF64: (a: F64): F32 => code("f32", a.bytes, [0xb6]),
} as const;

export const f64 = {
  const: (value: number): F64 => code("f64", [0x44], f64Bytes(value)),
  eq: compare<"f64">(0x61),
  lt: compare<"f64">(0x63),
  gt: compare<"f64">(0x64),
  le: compare<"f64">(0x65),
  abs: unary("f64", 0x99),
  sqrt: unary("f64", 0x9f),
  add: binary("f64", 0xa0),
  sub: binary("f64", 0xa1),
  mul: binary("f64", 0xa2),
  div: binary("f64", 0xa3),
  ofF32: (a: F32): F64 => code("f64", a.bytes, [0xbb]),
  ofInteger: (a: I32): F64 => code("f64", a.bytes, [0xb7]),
} as const;

/** `a` where the condition is not 0, else `b`; both are computed. */
export function select<T extends "i32" | "f32" | "f64">(condition: I32, a: Code<T>, b: Code<T>): Code<T> {
  return code(a.type, a.bytes, b.bytes, condition.bytes, [0x1b]);
}
