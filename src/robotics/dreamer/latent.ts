import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { checkNumbers, checkRows } from "../checks.ts";

/** DreamerV3's defaults (dreamerv3/configs.yaml). The paper's first version had a dyn scale of 0.5. */
export const defaults = {
  /** Categoricals of a latent state. */
  stoch: 32,
  /** Classes of each, by size of the model; size200m is the default. */
  classes: { size1m: 4, size12m: 16, size25m: 24, size50m: 32, size100m: 48, size200m: 64, size400m: 96 },
  /** Share of the uniform distribution in posterior, prior and policy. */
  unimix: 0.01,
  freeNats: 1,
  scales: { rec: 1, rew: 1, con: 1, dyn: 1, rep: 0.1, policy: 1, value: 1, repval: 0.3 },
  entropyScale: 3e-4,
  lambda: 0.95,
  horizon: 333,
  discount: 1 - 1 / 333,
  imaginedSteps: 15,
} as const;

/** The least probability and the largest divergences, in nats, of categoricals that are mixed with the uniform distribution. */
export interface LatentBounds {
  /** No class is less likely. */
  readonly leastProbability: number;
  /** No categorical diverges more from another, in nats. */
  readonly mostPerCategorical: number;
  readonly mostPerState: number;
}

/**
 * Bounds of unimix categoricals: probabilities of at least unimix / classes, and so divergences of at most log(classes / unimix) each.
 *
 * With 32 categoricals of 64 classes: 1.5625e-4, 8.764 and 280.4 nats.
 *
 * @throws InputError for numbers that are not whole and positive, or unimix outside [0, 1]
 */
export function latentBounds(
  stoch: number = defaults.stoch,
  classes: number = defaults.classes.size200m,
  unimix: number = defaults.unimix,
): LatentBounds {
  const where = "dreamer.latentBounds";
  checkCount(stoch, "stoch", where);
  checkCount(classes, "classes", where);
  if (!(typeof unimix === "number" && unimix >= 0 && unimix <= 1)) {
    throw new InputError(`${where}: unimix must be from 0 to 1, got ${shown(unimix)}`);
  }
  const mostPerCategorical = Math.log(classes / unimix);
  return { leastProbability: unimix / classes, mostPerCategorical, mostPerState: stoch * mostPerCategorical };
}

/**
 * A categorical mixed with the uniform distribution, in f64: (1 - unimix) softmax(logits) + unimix / classes.
 *
 * @param logits - rows of `classes` logits; -Infinity hides a class from the softmax
 * @throws InputError for NaN, +Infinity, a row without a finite logit, lengths that do not fit, or a share outside [0, 1]
 */
export function unimix(
  logits: ArrayLike<number>,
  classes: number = logits?.length,
  share: number = defaults.unimix,
): Float64Array {
  const where = "dreamer.unimix";
  checkNumbers(logits, "logits", where);
  checkRows(logits, classes, "logits", where);
  if (!(typeof share === "number" && share >= 0 && share <= 1)) {
    throw new InputError(`${where}: share must be from 0 to 1, got ${shown(share)}`);
  }
  const mixed = Float64Array.from(logits);
  for (let start = 0; start < mixed.length; start += classes) {
    const row = mixed.subarray(start, start + classes);
    const peak = row.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
    if (!Number.isFinite(peak)) {
      throw new InputError(`${where}: logits of row ${start / classes} must have a finite maximum, got ${peak}`);
    }
    row.forEach((x, k) => {
      row[k] = Math.exp(x - peak);
    });
    const sum = row.reduce((total, term) => total + term, 0);
    row.forEach((term, k) => {
      row[k] = (1 - share) * (term / sum) + share / classes;
    });
  }
  return mixed;
}

/**
 * The one-hot sample that the next layer sees, whose gradient is the probabilities' (straight-through): onehot + probs - sg(probs),
 * of which the value is the one-hot vector itself.
 *
 * @throws InputError for a class that is none
 */
export function oneHot(index: number, classes: number): Float64Array {
  checkCount(classes, "classes", "dreamer.oneHot");
  if (!Number.isInteger(index) || index < 0 || index >= classes) {
    throw new InputError(`dreamer.oneHot: index must be a class from 0 to ${classes - 1}, got ${shown(index)}`);
  }
  const hot = new Float64Array(classes);
  hot[index] = 1;
  return hot;
}

function checkCount(value: number, name: string, where: string): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new InputError(`${where}: ${name} must be a whole number from 1, got ${shown(value)}`);
}
