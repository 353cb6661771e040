import { bins, logitWidth } from "../../src/robotics/openvla/openvla.ts";
import { type Head, idOf } from "./logits.ts";
import type { HeadState } from "./model.ts";
import { competing } from "./reference.ts";

/** What exp(x) / Σ exp(x) gives in f32, without a maximum taken out first. */
export interface Naive {
  /** Left bin first. */
  readonly pmf: Float32Array;
  readonly sum: number;
  readonly notANumber: number;
}

/** The softmax of the textbook, rounded to f32 after every step as a shader would. */
export function naiveSoftmax(head: Head, state: HeadState, dimension: number): Naive {
  const [begin, end] = competing(state);
  const start = dimension * logitWidth;
  const exponential = (id: number) =>
    Math.fround(Math.exp(Math.fround((head.logits[start + id] ?? 0) / Math.fround(state.temperature))));
  let sum = 0;
  for (let id = begin; id < end; id++) sum = Math.fround(sum + exponential(id));
  const pmf = Float32Array.from({ length: bins }, (_, bin) => exponential(idOf(bin)) / sum);
  return { pmf, sum, notANumber: pmf.filter(Number.isNaN).length };
}
