import { bins, decode, isAction } from "../../src/robotics/openvla.ts";
import { uniformAt } from "../shared/random.ts";
import type { RowResult } from "./compute.ts";
import { idOf } from "./logits.ts";

/** How many draws are shown; the first of them is the sample. */
export const draws = 60;

/** A token that a decoder chose, and the action it decodes to. */
export interface Chosen {
  readonly id: number;
  readonly action: number;
  readonly isAction: boolean;
}

/** What becomes of a distribution when a robot has to move. */
export interface Decoded {
  readonly argmax: Chosen;
  /** The mean of the decoded actions, which need not be anywhere near a likely one. */
  readonly mean: number;
  readonly samples: readonly Chosen[];
  /** E[(a − a*)²]: the expected cost of sampling, when the cost is the squared distance to the demonstration. */
  readonly expectedCost: number;
}

/** Decodes one dimension in three ways, from the library's probabilities. */
export function decodeRow(row: RowResult, target: number, seed: number, dimension: number, draw: number): Decoded {
  let mean = 0;
  let cost = 0;
  let mass = 0;
  row.all.forEach((q, i) => {
    const action = decode(row.begin + i);
    mean += q * action;
    cost += q * (action - target) ** 2;
    mass += q;
  });
  const samples = Array.from({ length: draws }, (_, k) =>
    chosen(sampleId(row, uniformAt(seed, 30 + dimension, draw * draws + k) * mass)),
  );
  return { argmax: chosen(row.argmaxId), mean: mean / mass, samples, expectedCost: cost / mass };
}

function chosen(id: number): Chosen {
  return { id, action: decode(id), isAction: isAction(id) };
}

/** The id at which the running sum of q passes `level`: action ids first, from the left, then all others. */
function sampleId(row: RowResult, level: number): number {
  let left = level;
  for (let bin = 0; bin < bins; bin++) {
    left -= row.pmf[bin] ?? 0;
    if (left < 0) return idOf(bin);
  }
  for (let i = 0; i < row.all.length; i++) {
    if (isAction(row.begin + i)) continue;
    left -= row.all[i] ?? 0;
    if (left < 0) return row.begin + i;
  }
  return row.argmaxId;
}
