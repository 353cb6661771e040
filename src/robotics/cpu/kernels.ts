import type { Computed, Given } from "../../engine/cpu/work.ts";

// The f64 references of the kernels behind robot heads.

interface Rows {
  readonly rows: number;
  readonly columns: number;
}

function at(given: Given, name: string, k: number): number {
  return given[name]?.[k] ?? 0;
}

function perRow({ rows, columns }: Rows, of: (start: number) => number): Computed {
  return { outputs: { y: Float32Array.from({ length: rows }, (_, row) => of(row * columns)) } };
}

interface SquaredError extends Rows {
  readonly reduced: boolean;
  readonly masked: boolean;
  readonly scale: number;
}

export function meanSquaredErrorReference(options: SquaredError, given: Given): Computed {
  const { rows, columns, reduced, masked, scale } = options;
  const sums = Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let k = row * columns; k < (row + 1) * columns; k++) {
      if (!masked || at(given, "mask", k) !== 0) sum += (at(given, "x", k) - at(given, "other", k)) ** 2;
    }
    return sum * scale;
  });
  // Of nothing the scale is infinite, and the mean NaN.
  const loss = reduced ? [sums.reduce((total, sum) => total + sum, 0 * scale)] : sums;
  return { outputs: { loss: Float32Array.from(loss) } };
}

export function expectedValueReference(options: Rows, given: Given): Computed {
  const { columns } = options;
  return perRow(options, (start) => {
    const term = (c: number) => at(given, "x", start + c) * at(given, "values", c);
    let sum = columns % 2 === 1 ? term((columns - 1) / 2) : 0;
    for (let k = Math.floor(columns / 2); k > 0; k--) sum += term(k - 1) + term(columns - k);
    return sum;
  });
}

interface Latent {
  readonly states: number;
  readonly stoch: number;
  readonly classes: number;
  readonly unimix: number;
  readonly free: number;
  readonly dynamics: number;
  readonly representation: number;
}

/** A categorical: its softmax, and the softmax mixed with the uniform distribution. */
interface Mixed {
  readonly softmax: Float64Array;
  readonly mixed: Float64Array;
}

function mixedOf({ classes, unimix }: Latent, logits: Float32Array): Mixed {
  const peak = logits.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const terms = Float64Array.from(logits, (x) => Math.exp(x - peak));
  const sum = terms.reduce((total, term) => total + term, 0);
  const softmax = terms.map((term) => term / sum);
  return { softmax, mixed: softmax.map((p) => (1 - unimix) * p + unimix / classes) };
}

function pairOf(options: Latent, given: Given, row: number): readonly [Mixed, Mixed] {
  const { classes } = options;
  const of = (name: string) => (given[name] as Float32Array).subarray(row * classes, (row + 1) * classes);
  return [mixedOf(options, of("posterior")), mixedOf(options, of("prior"))];
}

/** KL of each state, before free nats. */
function divergences(options: Latent, given: Given): Float64Array {
  return Float64Array.from({ length: options.states }, (_, state) => {
    let sum = 0;
    for (let k = 0; k < options.stoch; k++) {
      const [p, q] = pairOf(options, given, state * options.stoch + k);
      p.mixed.forEach((value, c) => {
        sum += value * Math.log(value / (q.mixed[c] ?? 0));
      });
    }
    return Math.max(sum, 0);
  });
}

export function latentKlReference(options: Latent, given: Given): Computed {
  const y = Float32Array.from(divergences(options, given), (kl) => Math.max(kl, options.free));
  return { outputs: { y } };
}

export function balancedKlReference(options: Latent, given: Given): Computed {
  const { states, stoch, classes, free, dynamics, representation, unimix } = options;
  const totals = divergences(options, given);
  const posteriorGradient = new Float32Array(states * stoch * classes);
  const priorGradient = new Float32Array(states * stoch * classes);
  for (let row = 0; row < states * stoch; row++) {
    const [p, q] = pairOf(options, given, row);
    const total = totals[Math.floor(row / stoch)] ?? 0;
    const scale = Number.isNaN(total) ? total : total > free ? 1 - unimix : total === free ? (1 - unimix) / 2 : 0;
    const ratio = p.mixed.map((value, c) => value / (q.mixed[c] ?? 0));
    const logs = ratio.map(Math.log);
    const meanLog = p.softmax.reduce((sum, s, c) => sum + s * (logs[c] ?? 0), 0);
    const meanRatio = q.softmax.reduce((sum, s, c) => sum + s * (ratio[c] ?? 0), 0);
    for (let c = 0; c < classes; c++) {
      const pull = (p.softmax[c] ?? 0) * ((logs[c] ?? 0) - meanLog);
      const push = (q.softmax[c] ?? 0) * (meanRatio - (ratio[c] ?? 0));
      posteriorGradient[row * classes + c] = representation * scale * pull;
      priorGradient[row * classes + c] = dynamics * scale * push;
    }
  }
  const divergence = Float32Array.from(totals, (kl) => Math.max(kl, free));
  return { outputs: { divergence, posteriorGradient, priorGradient } };
}

export function flowPointReference(options: { readonly count: number; readonly per: number }, given: Given): Computed {
  const { count, per } = options;
  const point = new Float32Array(count);
  const velocity = new Float32Array(count);
  let badRow: number | undefined;
  for (let i = 0; i < count; i++) {
    const [t, e, a] = [at(given, "time", Math.floor(i / per)), at(given, "noise", i), at(given, "x", i)];
    if (!(t >= 0 && t <= 1)) badRow ??= Math.floor(i / per);
    // In f32, so that every engine gives the same bits.
    point[i] = Math.fround(t * e) + Math.fround(Math.fround(1 - t) * a);
    velocity[i] = e - a;
  }
  return { outputs: { point, velocity }, badRow };
}

interface Diffusion {
  readonly count: number;
  readonly per: number;
  readonly steps: number;
  readonly most: number;
}

export function diffusionPointReference({ count, per, steps, most }: Diffusion, given: Given): Computed {
  let badRow: number | undefined;
  const limit = Math.fround(most);
  const y = Float32Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / per);
    const t = at(given, "times", row) >>> 0;
    if (t >= steps) {
      badRow ??= row;
      return 0;
    }
    const a = Math.min(limit, Math.max(-limit, at(given, "x", i)));
    const signal = Math.fround(at(given, "scales", 2 * t) * a);
    return signal + Math.fround(at(given, "scales", 2 * t + 1) * at(given, "noise", i));
  });
  return { outputs: { y }, badRow };
}

export function unitGaussianKlReference(options: Rows, given: Given): Computed {
  return perRow(options, (start) => {
    let sum = 0;
    for (let k = start; k < start + options.columns; k++) {
      const v = at(given, "spread", k);
      sum += at(given, "mean", k) ** 2 + (Math.expm1(v) - v);
    }
    return 0.5 * sum;
  });
}

export function reparameterizeReference({ count }: { readonly count: number }, given: Given): Computed {
  const y = Float32Array.from({ length: count }, (_, k) => {
    return at(given, "mean", k) + Math.exp(0.5 * at(given, "spread", k)) * at(given, "noise", k);
  });
  return { outputs: { y } };
}
