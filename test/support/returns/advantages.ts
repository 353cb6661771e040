/** f32's unit roundoff. */
const U = 2 ** -24;
/** What products that underflow may lose. */
const TINY = 2 ** -126;

/** Values in f64, and how far f32 arithmetic may be from each. */
export interface Judged {
  readonly want: Float64Array;
  readonly budget: Float64Array;
}

export interface Column {
  readonly rewards: ArrayLike<number>;
  /** One more than the rewards. */
  readonly values: ArrayLike<number>;
  readonly dones: ArrayLike<number>;
  readonly gamma: number;
  readonly lambda: number;
}

/**
 * Advantages of one column by their definition, a double loop: A[t] = Σ_k (γλ)^k Π live δ[t + k].
 *
 * The budget follows the recursion, step by step: γ V live has three roundings (γ's own and two products); each addition one;
 * the decayed advantage three, besides the error that it brings along. 1 % covers products of roundings.
 */
export function advantagesOf({ rewards, values, dones, gamma, lambda }: Column): {
  advantages: Judged;
  returns: Judged;
} {
  const steps = rewards.length;
  const at = (list: ArrayLike<number>, k: number) => list[k] as number;
  const live = (t: number) => 1 - at(dones, t);
  const ahead = (t: number) => (live(t) === 0 ? 0 : gamma * live(t) * at(values, t + 1));
  const advantages: Judged = { want: new Float64Array(steps), budget: new Float64Array(steps) };
  const returns: Judged = { want: new Float64Array(steps), budget: new Float64Array(steps) };
  for (let t = steps - 1; t >= 0; t--) {
    let [sum, weight] = [0, 1];
    for (let k = t; k < steps && weight !== 0; k++) {
      sum += weight * (at(rewards, k) + ahead(k) - at(values, k));
      weight *= gamma * lambda * live(k);
      if (weight < 1e-40) break;
    }
    const decay = gamma * lambda * live(t);
    const [later, error] =
      t + 1 < steps && decay > 0 ? [at(advantages.want, t + 1), at(advantages.budget, t + 1)] : [0, 0];
    const [gain, delta] = [at(rewards, t) + ahead(t), at(rewards, t) + ahead(t) - at(values, t)];
    const roundings =
      3 * Math.abs(ahead(t)) + Math.abs(gain) + Math.abs(delta) + 3 * Math.abs(decay * later) + Math.abs(sum);
    const made = 1.01 * (decay * error + U * roundings) + 8 * TINY;
    advantages.want[t] = sum;
    advantages.budget[t] = made;
    returns.want[t] = sum + at(values, t);
    returns.budget[t] = made + 1.01 * U * Math.abs(sum + at(values, t));
  }
  return { advantages, returns };
}

export interface Sequence {
  /** All of one length, a row more than there are returns. */
  readonly rewards: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly terminals: ArrayLike<number>;
  readonly lasts: ArrayLike<number>;
  readonly discount: number;
  readonly lambda: number;
}

/**
 * λ-returns of one column. Budget: live, cont and 1 - cont have two or three roundings each with those of their parameters, the
 * bootstrap's products two more, the carried return's two more, each addition one.
 */
export function lambdaReturnsOf({ rewards, values, terminals, lasts, discount, lambda }: Sequence): Judged {
  const steps = rewards.length - 1;
  const judged: Judged = { want: new Float64Array(steps), budget: new Float64Array(steps) };
  let [ahead, error] = [values[steps] as number, 0];
  for (let t = steps - 1; t >= 0; t--) {
    const live = (1 - (terminals[t + 1] as number)) * discount;
    const cont = (1 - (lasts[t + 1] as number)) * lambda;
    const boot = live * (values[t + 1] as number);
    const carried = live * cont * ahead;
    const reward = rewards[t + 1] as number;
    // The roundings of cont, 3, stay as they are in 1 - cont, which may be smaller.
    const ofBoot = (6 * (1 - cont) + 4 * cont) * Math.abs(boot);
    const partial = reward + (1 - cont) * boot;
    const roundings = ofBoot + Math.abs(partial) + 9 * Math.abs(carried) + Math.abs(partial + carried);
    error = 1.01 * (live * cont * error + U * roundings) + 8 * TINY;
    ahead = partial + carried;
    judged.want[t] = ahead;
    judged.budget[t] = error;
  }
  return judged;
}

/**
 * (A - mean) / (std + ε) of each minibatch in f64. Budget: deviations from the first advantage have one rounding; their mean
 * that of its chains of additions (in a lane, then trees) of at most the largest deviation; the sum of squares twice as
 * many, and what the stretches' own means were off, squared; sqrt and division a few.
 */
export function normalizedOf(advantages: ArrayLike<number>, size: number, epsilon: number): Judged {
  const total = advantages.length;
  const judged: Judged = { want: new Float64Array(total), budget: new Float64Array(total) };
  for (let start = 0; start < total; start += size) {
    const own = Array.from({ length: Math.min(size, total - start) }, (_, k) => advantages[start + k] as number);
    const first = own[0] as number;
    const mean = own.reduce((sum, x) => sum + (x - first) / own.length, 0);
    const squares = own.reduce((sum, x) => sum + (x - first - mean) ** 2, 0);
    const std = Math.sqrt(squares / (own.length - 1));
    const widest = own.reduce((most, x) => Math.max(most, Math.abs(x - first)), 0);
    const chain = CHAIN + 4 * Math.ceil(Math.log2(own.length) + 1);
    const ofMean = chain * U * widest;
    const ofStd = std === 0 ? 0 : chain * U + (ofMean / std) ** 2;
    own.forEach((x, k) => {
      const y = std + epsilon === 0 ? Number.NaN : (x - first - mean) / (std + epsilon);
      judged.want[start + k] = y;
      const numerator = U * (Math.abs(x - first) + Math.abs(x - first - mean)) + ofMean;
      judged.budget[start + k] = 1.01 * (numerator / (std + epsilon) + Math.abs(y) * (ofStd + 8 * U)) + TINY;
    });
  }
  return judged;
}

/** Additions one after another: 16, then 64 of those in a lane of a software GPU (4,096 by 4 lanes), and 64 joins. */
const CHAIN = 16 + 64 + 64;
