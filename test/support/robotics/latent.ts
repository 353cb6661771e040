// What the kernels over latent states are judged against: KL of unimix categoricals and its gradients in f64, each with the error
// that f32 may make of it.

/** f32's unit roundoff. */
const U = 2 ** -24;

export interface Judged {
  readonly value: number;
  readonly budget: number;
}

interface Side {
  /** The softmax, the mixed probability, and how much f32 errs in both, relatively. */
  readonly softmax: readonly number[];
  readonly mixed: readonly number[];
  readonly softmaxError: readonly number[];
  readonly error: readonly number[];
}

const KEEP = 0.99;

/** What softmax terms below it count as. */
const FLOOR = Math.exp(-86);

/**
 * A softmax errs by the rounding of its argument |t|, 1 ULP of exp, the additions of its sum (one a class) and a division; mixed with
 * the uniform distribution, by that in proportion, and by three roundings more.
 */
function sideOf(logits: ArrayLike<number>): Side {
  const x = Array.from(logits);
  const peak = Math.max(...x);
  const terms = x.map((value) => Math.exp(value - peak));
  const sum = terms.reduce((total, term) => total + term, 0);
  const softmax = terms.map((term) => term / sum);
  const mixed = softmax.map((s) => KEEP * s + (1 - KEEP) / x.length);
  const softmaxError = x.map((value) => U * (Math.min(86, peak - value) + 6 + x.length));
  const error = mixed.map((p, k) => ((KEEP * (softmax[k] ?? 0)) / p) * (softmaxError[k] ?? 0) + 3 * U);
  return { softmax, mixed, softmaxError, error };
}

/** KL(post ‖ prior) of one categorical. */
export function categoricalKl(post: ArrayLike<number>, prior: ArrayLike<number>): Judged {
  const [p, q] = [sideOf(post), sideOf(prior)];
  let [value, budget, size] = [0, 0, 0];
  p.mixed.forEach((probability, k) => {
    const log = Math.log(probability / (q.mixed[k] ?? 0));
    const [ofP, ofQ] = [p.error[k] ?? 0, q.error[k] ?? 0];
    value += probability * log;
    size += probability * Math.abs(log);
    budget += probability * (ofP + ofQ + U + Math.abs(log) * (ofP + 6 * U));
  });
  return { value, budget: budget + U * p.mixed.length * size };
}

/** The same of a state of several categoricals, in whose sum each adds a rounding. */
export function stateKl(post: Float32Array, prior: Float32Array, classes: number): Judged {
  const parts: Judged[] = [];
  for (let k = 0; k < post.length; k += classes) {
    parts.push(categoricalKl(post.subarray(k, k + classes), prior.subarray(k, k + classes)));
  }
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  return { value, budget: parts.reduce((sum, part) => sum + part.budget, 0) + U * (parts.length + 1) * value };
}

/** Gradients of KL(post ‖ sg(prior)) by the posterior's logits, and of KL(sg(post) ‖ prior) by the prior's. */
export function klGradients(post: ArrayLike<number>, prior: ArrayLike<number>): { post: Judged[]; prior: Judged[] } {
  const [p, q] = [sideOf(post), sideOf(prior)];
  const ratio = p.mixed.map((probability, k) => probability / (q.mixed[k] ?? 0));
  const error = p.error.map((e, k) => e + (q.error[k] ?? 0) + U);
  const logs = ratio.map((r, k): Judged => {
    return { value: Math.log(r), budget: (error[k] ?? 0) + 4 * U * Math.abs(Math.log(r)) };
  });
  const ratios = ratio.map((r, k): Judged => ({ value: r, budget: r * (error[k] ?? 0) }));
  return {
    post: centred(p, logs),
    prior: centred(q, ratios).map(({ value, budget }) => ({ value: -value, budget })),
  };
}

/** keep s_j (f_j - Σ s_k f_k). */
function centred({ softmax, softmaxError }: Side, f: readonly Judged[]): Judged[] {
  let [mean, error, size] = [0, 0, 0];
  softmax.forEach((s, k) => {
    const { value, budget } = f[k] ?? { value: 0, budget: 0 };
    mean += s * value;
    size += s * Math.abs(value);
    error += s * (budget + Math.abs(value) * ((softmaxError[k] ?? 0) + U));
  });
  error += U * softmax.length * size;
  return softmax.map((s, k) => {
    const { value, budget } = f[k] ?? { value: 0, budget: 0 };
    const away = value - mean;
    const own = budget + error + Math.abs(away) * ((softmaxError[k] ?? 0) + 5 * U);
    return { value: KEEP * s * away, budget: KEEP * (s * own + FLOOR * Math.abs(away)) };
  });
}
