import type { Tensor } from "../engine/tensor.ts";
import type { Tunable } from "../engine/tuning.ts";
import type { RowProgram } from "./rows.ts";

/** What the tuner needs of a function over rows; `call` calls it with class ids, one a row, as far as it wants them. */
export function rowTuning(
  name: string,
  program: RowProgram,
  call: (logits: Tensor, ids: Tensor) => readonly Tensor[],
): Tunable["tuning"] {
  return { name, load: async () => (await import("./trials.ts")).rowTrials(program, call) };
}
