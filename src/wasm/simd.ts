import {
  code,
  type F32,
  type F64,
  f64Bytes,
  type I32,
  type Statement,
  unsigned,
  type V128,
  wordBytes,
} from "./code.ts";
import { repeated } from "./constants.ts";

/** The bytes of a 128-bit instruction. */
const op = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const unary =
  (opcode: number) =>
  (a: V128): V128 =>
    code("v128", a.bytes, op(opcode));
const binary =
  (opcode: number) =>
  (a: V128, b: V128): V128 =>
    code("v128", a.bytes, b.bytes, op(opcode));
const shift =
  (opcode: number) =>
  (a: V128, by: number): V128 =>
    code("v128", a.bytes, [0x41, by], op(opcode));
const test =
  (opcode: number) =>
  (a: V128): I32 =>
    code("i32", a.bytes, op(opcode));
const wordOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;

/** Bitwise operations on all 128 bits, and loads and stores of them. */
export const v128 = {
  /** Addresses need not be aligned. */
  load: (at: I32, offset = 0): V128 => code("v128", at.bytes, op(0x00), [2], unsigned(offset)),
  /** One word in all lanes. */
  loadSplat: (at: I32, offset = 0): V128 => code("v128", at.bytes, op(0x09), [2], unsigned(offset)),
  /** One word in lane 0, and 0 in the others. */
  loadWord: (at: I32, offset = 0): V128 => code("v128", at.bytes, op(0x5c), [2], unsigned(offset)),
  /** `value` with another word in one lane. */
  loadLane: (at: I32, value: V128, lane: number, offset = 0): V128 =>
    code("v128", at.bytes, value.bytes, op(0x56), [2], unsigned(offset), [lane]),
  store: (at: I32, value: V128, offset = 0): Statement => [
    ...at.bytes,
    ...value.bytes,
    ...op(0x0b),
    2,
    ...unsigned(offset),
  ],
  /** Stores one word. */
  storeLane: (at: I32, value: V128, lane: number, offset = 0): Statement => [
    ...at.bytes,
    ...value.bytes,
    ...op(0x5a),
    2,
    ...unsigned(offset),
    lane,
  ],
  /** Four words. */
  words: (a: number, b: number, c: number, d: number): V128 =>
    code("v128", op(0x0c), wordBytes(a), wordBytes(b), wordBytes(c), wordBytes(d)),
  not: unary(0x4d),
  and: binary(0x4e),
  /** a & ~b */
  andNot: binary(0x4f),
  or: binary(0x50),
  xor: binary(0x51),
  /** Bits of `a` where `mask` has 1, of `b` where it has 0. */
  select: (mask: V128, a: V128, b: V128): V128 => code("v128", a.bytes, b.bytes, mask.bytes, op(0x52)),
  anyTrue: test(0x53),
  /** Words by place: 0 to 3 are those of `a`, 4 to 7 those of `b`. */
  shuffle: (a: V128, b: V128, places: readonly [number, number, number, number]): V128 =>
    code(
      "v128",
      a.bytes,
      b.bytes,
      op(0x0d),
      places.flatMap((place) => [0, 1, 2, 3].map((byte) => 4 * place + byte)),
    ),
} as const;

/** Four 32-bit integers; comparisons give all ones where they hold. */
export const i32x4 = {
  /** The same word in all lanes, a constant. */
  const: (value: number): V128 => repeated(value | 0),
  splat: (a: I32): V128 => code("v128", a.bytes, op(0x11)),
  lane: (a: V128, lane: number): I32 => code("i32", a.bytes, op(0x1b), [lane]),
  eq: binary(0x37),
  ne: binary(0x38),
  ltS: binary(0x39),
  gtS: binary(0x3b),
  gtU: binary(0x3c),
  geU: binary(0x40),
  allTrue: test(0xa3),
  /** The top bits of the lanes as bits 0 to 3. */
  bitmask: test(0xa4),
  shl: shift(0xab),
  shrS: shift(0xac),
  shrU: shift(0xad),
  add: binary(0xae),
  sub: binary(0xb1),
  mul: binary(0xb5),
  minU: binary(0xb7),
  maxS: binary(0xb8),
} as const;

/** Eight 16-bit integers, as far as conversions go. */
export const i16x8 = {
  /** The lower four, and the upper four, as 32-bit integers from 0 on. */
  lowU: unary(0xa9),
  highU: unary(0xaa),
  /** Eight 32-bit integers, those of `a` first; what is beyond 16 bits becomes the nearest that is not. */
  ofU: binary(0x86),
} as const;

/** Two 64-bit integers, as far as products of 32-bit ones go. */
export const i64x2 = {
  /** The 64-bit products of the two lower unsigned 32-bit lanes. */
  mulLowU: binary(0xde),
  /** The 64-bit products of the two upper unsigned 32-bit lanes. */
  mulHighU: binary(0xdf),
} as const;

/** Four f32; comparisons give all ones where they hold. Every operation is rounded once, to nearest, subnormals kept. */
export const f32x4 = {
  /** The same number in all lanes, a constant. */
  const: (value: number): V128 => repeated(wordOf(value)),
  splat: (a: F32): V128 => code("v128", a.bytes, op(0x13)),
  lane: (a: V128, lane: number): F32 => code("f32", a.bytes, op(0x1f), [lane]),
  eq: binary(0x41),
  ne: binary(0x42),
  lt: binary(0x43),
  gt: binary(0x44),
  le: binary(0x45),
  ge: binary(0x46),
  ceil: unary(0x67),
  floor: unary(0x68),
  abs: unary(0xe0),
  neg: unary(0xe1),
  sqrt: unary(0xe3),
  add: binary(0xe4),
  sub: binary(0xe5),
  mul: binary(0xe6),
  div: binary(0xe7),
  /** NaN where either is. */
  max: binary(0xe9),
  /** b < a ? b : a */
  pmin: binary(0xea),
  /** a < b ? b : a */
  pmax: binary(0xeb),
  /** Of signed integers, to nearest. */
  ofInteger: unary(0xfa),
  /** Two f64 in lanes 0 and 1, and 0. */
  ofF64: unary(0x5e),
} as const;

/** Two f64. */
export const f64x2 = {
  const: (value: number): V128 => code("v128", op(0x0c), f64Bytes(value), f64Bytes(value)),
  splat: (a: F64): V128 => code("v128", a.bytes, op(0x14)),
  lane: (a: V128, lane: number): F64 => code("f64", a.bytes, op(0x21), [lane]),
  add: binary(0xf0),
  sub: binary(0xf1),
  mul: binary(0xf2),
  div: binary(0xf3),
  abs: unary(0xec),
  neg: unary(0xed),
  eq: binary(0x47),
  gt: binary(0x4a),
  le: binary(0x4b),
  ge: binary(0x4c),
  /** Of the two lower f32 lanes. */
  ofLow: unary(0x5f),
} as const;
