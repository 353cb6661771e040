import { double } from "../../arithmetic/double.ts";
import { InputError } from "../../core/errors.ts";
import { shown } from "../../core/options.ts";
import { checkIds, checkNumbers } from "../checks.ts";
import { clip, digitize, linspace } from "../numpy.ts";

/** How far inside the range, or inside (0, 1), Octo keeps from the ends. */
const EPS = 1e-6;

/** A tokenizer of single values, made by `uniformBins` or `normalBins`. */
export interface BinTokenizer {
  readonly bins: number;
  /** bins + 1 ascending edges. */
  readonly thresholds: readonly number[];
  /** Midpoints of neighbouring thresholds: what tokens decode to. */
  readonly centres: readonly number[];
  /** Values below and above, which are clipped (uniform bins) or have token 0 (normal bins). */
  readonly range: readonly [low: number, high: number];
  readonly clips: boolean;
}

/** Tokens of many values, and how many of those lay outside the range. */
export interface EncodedValues {
  readonly tokens: Int32Array;
  readonly outside: number;
}

/**
 * Octo's BinTokenizer with bin_type "uniform" (octo/model/components/tokenizers.py): bins of one width between low and high. Values
 * are clipped to [low + 1e-6, high - 1e-6] first, and a token decodes to the centre of its bin, so that there is no bias.
 *
 * The original computes it in f32, this in f64.
 *
 * @throws InputError unless low + 2e-6 < high and bins is a whole number from 1 to 65,536
 */
export function uniformBins(low: number, high: number, bins = 256): BinTokenizer {
  checkBins(bins, "octo.uniformBins");
  if (!(Number.isFinite(low) && Number.isFinite(high) && low + EPS < high - EPS)) {
    throw new InputError(
      `octo.uniformBins: low must be below high, both finite numbers, got ${shown(low)} and ${shown(high)}`,
    );
  }
  return tokenizerOf(linspace(low, high, bins + 1), [low + EPS, high - EPS], true);
}

/**
 * Octo's BinTokenizer with bin_type "normal": thresholds at norm.ppf(linspace(1e-6, 1 - 1e-6, bins + 1)), so that bins of a standard
 * normal are equally likely. As in the original nothing is clipped, and a value outside ±4.75 fits no bin, which gives token 0.
 *
 * @throws InputError unless bins is a whole number from 1 to 65,536
 */
export function normalBins(bins = 256): BinTokenizer {
  checkBins(bins, "octo.normalBins");
  const thresholds = linspace(EPS, 1 - EPS, bins + 1).map(double.normalQuantile);
  return tokenizerOf(thresholds, [thresholds[0] as number, thresholds[bins] as number], false);
}

/**
 * The tokens of values.
 *
 * @throws InputError for NaN, with its place
 */
export function encode(values: ArrayLike<number>, tokenizer: BinTokenizer): EncodedValues {
  const { thresholds, range, clips, bins } = checkTokenizer(tokenizer, "octo.encode");
  checkNumbers(values, "values", "octo.encode");
  const [low, high] = range;
  let outside = 0;
  const tokens = Int32Array.from(values, (value) => {
    const inside = clips ? value >= low && value <= high : value >= low && value < high;
    if (!inside) outside += 1;
    const token = digitize(clips ? clip(value, low, high) : value, thresholds) - 1;
    // No bin holds it: the argmax of nothing but zeros is 0.
    return token >= 0 && token < bins ? token : 0;
  });
  return { tokens, outside };
}

/** Values of many tokens, and how many of those mean none. */
export interface DecodedValues {
  readonly values: Float64Array;
  readonly outside: number;
}

/**
 * The values that tokens mean; a token outside 0 … bins - 1 means 0, as in the original, whose one-hot of it is empty.
 *
 * @throws InputError for what is no whole number, with its place
 */
export function decode(tokens: ArrayLike<number>, tokenizer: BinTokenizer): DecodedValues {
  const { centres } = checkTokenizer(tokenizer, "octo.decode");
  checkIds(tokens, "tokens", "octo.decode");
  let outside = 0;
  const values = Float64Array.from(tokens, (token) => {
    const value = centres[token];
    if (value === undefined) outside += 1;
    return value ?? 0;
  });
  return { values, outside };
}

/** Gives the tokenizer back; throws InputError for what is none. */
export function checkTokenizer(tokenizer: BinTokenizer, where: string): BinTokenizer {
  if (Array.isArray(tokenizer?.thresholds) && Array.isArray(tokenizer.centres)) return tokenizer;
  throw new InputError(`${where}: tokenizer must be one of uniformBins or normalBins, got ${shown(tokenizer)}`);
}

function tokenizerOf(thresholds: readonly number[], range: readonly [number, number], clips: boolean): BinTokenizer {
  const centres = thresholds.slice(1).map((right, k) => (right + (thresholds[k] as number)) / 2);
  return { bins: centres.length, thresholds, centres, range, clips };
}

function checkBins(bins: number, where: string): void {
  if (!Number.isInteger(bins) || bins < 1 || bins > 65_536) {
    throw new InputError(`${where}: bins must be a whole number from 1 to 65536, got ${shown(bins)}`);
  }
}
