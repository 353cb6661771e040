import { double } from "../arithmetic/double.ts";
import { single } from "../arithmetic/single.ts";
import { evaluator, type FloatArray } from "../expression/evaluate.ts";
import type { Address } from "../random/words.ts";
import { variateSource } from "./draw-variates.ts";
import { type Integrand, outputsOf } from "./integrand.ts";
import { rejectionSource } from "./rejection.ts";

/** Values of an integrand at consecutive samples, and which quads had a rare word or a rejected sample. */
export interface Drawn {
  /** Of each output; at least `count` long, good until the next call. */
  readonly outputs: readonly FloatArray[];
  /** Whether some variate of quad q took a second word, or was drawn again. */
  readonly rare: Uint8Array;
}

export type Drawer = (address: Address, first: number, count: number) => Drawn;

/**
 * A function that gives f at samples first … first + count - 1 (both multiples of 4) as f32, with the bits of the GPU's, or
 * in f64 from the same words.
 */
export function drawer(integrand: Integrand, precision: "f32" | "f64", most: number): Drawer {
  const evaluate = evaluator(integrand.program, precision === "f32" ? single : double);
  const parameters = precision === "f32" ? integrand.parameters.map(Math.fround) : integrand.parameters;
  const fill = variateSource(integrand, precision, most);
  const redraw = (integrand.rejections ?? []).length > 0 ? rejectionSource(integrand, precision, most) : undefined;
  const outputs = outputsOf(integrand);
  return (address, first, count) => {
    const filled = fill(address, first, count);
    const failed = redraw?.(address, first, count, filled) ?? [];
    const values = evaluate(filled.variates, parameters, count).slice(0, outputs);
    for (const place of failed) for (const output of values) output[place] = Number.NaN;
    return { outputs: values, rare: filled.rare };
  };
}
