import { bins, decode, isAction } from "../../src/robotics/openvla/openvla.ts";
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
  const ids = sampler(row);
  const samples = Array.from({ length: draws }, (_, k) =>
    chosen(ids(uniformAt(seed, 30 + dimension, draw * draws + k))),
  );
  return { argmax: chosen(row.argmaxId), mean: mean / mass, samples, expectedCost: cost / mass };
}

function chosen(id: number): Chosen {
  return { id, action: decode(id), isAction: isAction(id) };
}

/** Gives the id at which the running sum of q passes a share of the whole: action ids first, from the left. */
function sampler(row: RowResult): (share: number) => number {
  const order = [...Array(bins).keys()].map(idOf);
  for (let id = row.begin; id < row.begin + row.all.length; id++) if (!isAction(id)) order.push(id);
  const sums = new Float64Array(order.length);
  let sum = 0;
  order.forEach((id, i) => {
    sum += row.all[id - row.begin] ?? 0;
    sums[i] = sum;
  });
  return (share) => {
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? sum) > share * sum) high = middle;
      else low = middle + 1;
    }
    return order[low] ?? row.argmaxId;
  };
}
