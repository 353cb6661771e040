import { code, type I32, type Statement, unsigned, type V128 } from "../../wasm/code.ts";
import type { FunctionBuilder, Variable } from "../../wasm/module.ts";
import { i32, select } from "../../wasm/scalar.ts";
import { f32x4, i32x4, v128 } from "../../wasm/simd.ts";

/** A place in a row of f32: the address of a vector, and how many of its lanes belong to the row. */
export interface ColumnPlace {
  readonly at: I32;
  /** Undefined where it is all four. */
  readonly left?: I32;
}

type Visit = (vectors: readonly V128[], place: ColumnPlace) => void;

const OFFSETS = [0, 16, 32, 48] as const;

/**
 * Visits the f32 in bytes [start, end): four vectors at a time, the last ones one by one, with -Infinity in the lanes
 * beyond the end. Reads up to 12 bytes beyond it.
 */
export function walk(b: FunctionBuilder, start: I32, end: I32, visit: Visit): void {
  const at = b.variable("i32", start);
  const whole = wholeSteps(b, start, end);
  b.while(
    () => i32.ltU(at.value, whole),
    () => {
      visit(
        OFFSETS.map((offset) => v128.load(at.value, offset)),
        { at: at.value },
      );
      advance(at, 64);
    },
  );
  walkLast(b, at, end, visit);
}

/** Makes of a vector what a visit wants; `beside` is the vector so many bytes away, in another row. */
type Begin = (vector: V128, beside: (bytes: I32) => V128) => readonly V128[];

/** The same of what `begin` makes of each vector, which it does a step ahead of the visit: 64 bytes more are read. */
export function walkAhead(
  b: FunctionBuilder,
  start: I32,
  end: I32,
  begin: Begin,
  visit: (begun: readonly (readonly V128[])[], place: ColumnPlace) => void,
): void {
  const at = b.variable("i32", start);
  const whole = wholeSteps(b, start, end);
  const beginAt = (offset: number) => {
    const vector = v128.load(at.value, offset);
    return begin(vector, (bytes) => v128.load(i32.add(at.value, bytes), offset));
  };
  b.if(i32.ltU(at.value, whole), () => {
    const ahead = OFFSETS.map((offset) => beginAt(offset).map((part) => b.variable("v128", part)));
    b.repeat(() => {
      visit(
        ahead.map((parts) => parts.map(({ value }) => value)),
        { at: at.value },
      );
      advance(at, 64);
      ahead.forEach((parts, k) => {
        const next = beginAt(16 * k);
        parts.forEach((part, j) => void part.set(next[j] ?? part.value));
      });
      return i32.ltU(at.value, whole);
    });
  });
  walkLast(b, at, end, ([vector], place) => {
    const beside = (bytes: I32) => loadSome(i32.add(at.value, bytes), place.left ?? i32.const(4));
    if (vector) visit([begin(vector, beside)], place);
  });
}

function wholeSteps(b: FunctionBuilder, start: I32, end: I32): I32 {
  return b.let(i32.add(start, i32.and(i32.sub(end, start), i32.const(-64))));
}

function walkLast(b: FunctionBuilder, at: Variable<"i32">, end: I32, visit: Visit): void {
  b.while(
    () => i32.ltU(at.value, end),
    () => {
      const left = b.let(i32.shrU(i32.sub(end, at.value), i32.const(2)));
      visit([b.let(loadSome(at.value, left))], { at: at.value, left });
      advance(at, 16);
    },
  );
}

/** Does `body` for parts of bytes [start, end), none longer than `bytes`. */
export function inParts(
  b: FunctionBuilder,
  [start, end]: readonly [I32, I32],
  bytes: number,
  body: (start: I32, end: I32) => void,
): void {
  const at = b.variable("i32", start);
  const size = i32.const(bytes);
  b.while(
    () => i32.ltU(at.value, end),
    () => {
      const short = i32.ltU(i32.sub(end, at.value), size);
      const stop = b.let(select(short, end, i32.add(at.value, size)));
      body(at.value, stop);
      at.set(stop);
    },
  );
}

function advance(at: Variable<"i32">, bytes: number): void {
  at.set(i32.add(at.value, i32.const(bytes)));
}

/** The first `count` values at an address, and -Infinity in the other lanes. */
export function loadSome(at: I32, count: I32): V128 {
  const mask = i32x4.gtS(i32x4.splat(count), v128.words(0, 1, 2, 3));
  return v128.select(mask, v128.load(at), f32x4.const(Number.NEGATIVE_INFINITY));
}

/** Stores a vector, or as many of its lanes as belong to the row. */
export function storeAt(b: FunctionBuilder, { at, left }: ColumnPlace, vector: V128, offset = 0): void {
  if (!left) {
    b.emit(v128.store(at, vector, offset));
    return;
  }
  const value = b.let(vector);
  b.if(
    i32.gtU(left, i32.const(3)),
    () => b.emit(v128.store(at, value)),
    () => {
      b.if(i32.and(left, i32.const(1)), () => b.emit(storeOdd(at, value, left)));
      b.if(i32.and(left, i32.const(2)), () => b.emit(storePair(at, value)));
    },
  );
}

/** Of three lanes the last, of one the only one. */
function storeOdd(at: I32, value: V128, left: I32): Statement {
  const two = i32.and(left, i32.const(2));
  const word = select(two, i32x4.lane(value, 2), i32x4.lane(value, 0));
  return [...i32.add(at, i32.shl(two, i32.const(2))).bytes, ...word.bytes, 0x36, 2, 0];
}

function storePair(at: I32, value: V128): Statement {
  return code("i32", at.bytes, value.bytes, [0xfd], unsigned(0x5b), [2, 0, 0]).bytes;
}
