import type { I32, V128 } from "../../wasm/code.ts";
import type { FunctionBuilder } from "../../wasm/module.ts";
import { i32 } from "../../wasm/scalar.ts";
import { f32x4, v128 } from "../../wasm/simd.ts";

/** Numbers of the tiles of a triangular matrix of so many blocks. */
export function tilesOf(blocks: number): number {
  return 8 * blocks * (blocks + 1);
}

/**
 * A lower triangular matrix, and behind it its transpose, in tiles of 4 × 4 that are not 0: block row after block row, each
 * tile column by column, 0 beyond the matrix.
 */
export function tiled(lower: Float64Array, size: number): Float32Array {
  const blocks = Math.ceil(size / 4);
  const numbers: number[] = [];
  const at = (i: number, j: number) => (i < size && j <= i ? (lower[i * size + j] ?? 0) : 0);
  const addTile = (of: (i: number, j: number) => number, row: number, column: number) => {
    for (let j = 0; j < 4; j++) for (let i = 0; i < 4; i++) numbers.push(of(4 * row + i, 4 * column + j));
  };
  for (let row = 0; row < blocks; row++) for (let column = 0; column <= row; column++) addTile(at, row, column);
  for (let row = 0; row < blocks; row++) {
    for (let column = row; column < blocks; column++) addTile((i, j) => at(j, i), row, column);
  }
  return Float32Array.from(numbers);
}

/** A product of a triangular matrix and vectors, four vectors in lanes. */
export interface Product {
  /** Addresses of the matrix, of the vectors' first coordinates, and of those of the products. */
  readonly tiles: I32;
  readonly from: I32;
  readonly to: I32;
  readonly blocks: number;
  /** Whether the matrix is upper triangular. */
  readonly upper: boolean;
}

/** Bytes of a tile, which are those of four coordinates of four vectors too, and of a coordinate. */
const [TILE, COORDINATE] = [64, 16];

export function multiply(f: FunctionBuilder, product: Product, see: (coordinate: V128) => void = () => {}): void {
  const { from, to, blocks, upper } = product;
  const tile = f.variable("i32", product.tiles);
  const end = i32.const(TILE * blocks);
  f.for(i32.const(0), end, TILE, (block) => {
    const sums = [0, 1, 2, 3].map(() => f.variable("v128", f32x4.const(0)));
    const past = f.let(i32.add(block, i32.const(TILE)));
    f.for(upper ? block : i32.const(0), upper ? end : past, TILE, (at) => {
      const source = f.let(i32.add(from, at));
      for (let j = 0; j < 4; j++) {
        const value = f.let(v128.load(source, COORDINATE * j));
        for (const [i, sum] of sums.entries()) {
          sum.set(f32x4.add(sum.value, f32x4.mul(v128.loadSplat(tile.value, 4 * (4 * j + i)), value)));
        }
      }
      tile.set(i32.add(tile.value, i32.const(TILE)));
    });
    const target = f.let(i32.add(to, block));
    for (const [i, { value }] of sums.entries()) {
      see(value);
      f.emit(v128.store(target, value, COORDINATE * i));
    }
  });
}
