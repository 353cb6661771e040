import type { Tensor } from "../engine/tensor.ts";
import type { Tunable } from "../engine/tuning.ts";
import type { RowProgram } from "./rows.ts";

/** What the tuner needs of a function over rows; `call` calls it with class ids, one a row, and other logits, as far as it wants them. */
export function rowTuning(name: string, program: RowProgram, call: RowTrial): Tunable["tuning"] {
  return { name, load: async () => (await import("./trials.ts")).rowTrials(program, call) };
}

export type RowTrial = (logits: Tensor, ids: Tensor, other: Tensor) => readonly Tensor[];
