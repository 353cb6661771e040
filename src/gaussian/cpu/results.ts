import { type Allocation, kept, ownArray } from "../../engine/cpu/allocation.ts";
import type { Operands } from "../../engine/cpu/work.ts";
import type { Workspace } from "../../engine/cpu/workspace.ts";
import type { GradientName } from "../bindings.ts";
import type { GaussianReference } from "../gaussian.ts";
import { columnSums, type Slopes } from "./reference.ts";

interface HeapFloats {
  readonly address: number;
  values(): Float32Array;
}

/** Where a call writes: the value of each row, and a gradient's values even where only their sums are wanted. */
export class Results {
  readonly #options: GaussianReference;
  readonly #y: Allocation & { readonly address: number };
  readonly #slopes = new Map<GradientName, { readonly place: HeapFloats; readonly result: Allocation | undefined }>();

  constructor(options: GaussianReference, space: Workspace) {
    const { rows, dimension, gradients, summed } = options;
    this.#options = options;
    this.#y = space.result(rows);
    for (const name of gradients) {
      const count = rows * dimension;
      if (summed.includes(name)) this.#slopes.set(name, { place: scratch(space, count), result: undefined });
      else {
        const result = space.result(count);
        const place = { address: result.address, values: () => result.values() as Float32Array };
        this.#slopes.set(name, { place, result });
      }
    }
  }

  /** The addresses, 0 for gradients that are not wanted. */
  get addresses(): readonly [y: number, byx: number, bymean: number, bystd: number] {
    const of = (name: GradientName) => this.#slopes.get(name)?.place.address ?? 0;
    return [this.#y.address, of("x"), of("mean"), of("std")];
  }

  /** Views that hold until the memory grows. */
  views(): { readonly y: Float32Array; readonly slopes: readonly Slopes[] } {
    const slopes = [...this.#slopes].map(([name, { place }]) => ({ name, values: place.values() }));
    return { y: this.#y.values() as Float32Array, slopes };
  }

  outputs(): Operands {
    const outputs: Record<string, Allocation> = { y: kept(this.#y) };
    for (const [name, { place, result }] of this.#slopes) {
      if (result) outputs[`by${name}`] = kept(result);
      else outputs[`of${name}`] = ownArray(columnSums(place.values(), this.#options.dimension));
    }
    return outputs;
  }
}

function scratch(space: Workspace, count: number): HeapFloats {
  const { address, read } = space.scratch(Math.ceil(count / 2));
  return { address, values: () => new Float32Array(read().buffer, address, count) };
}
