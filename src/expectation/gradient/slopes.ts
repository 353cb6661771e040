import { InputError } from "../../core/errors.ts";

/** Numbers by name, such as a model's parameters. */
export type Named = Readonly<Record<string, number>>;

/** Named numbers as functions of one number. */
export interface Line {
  /** What messages call the number. */
  readonly label: string;
  readonly at: number;
  /** A power of two: the widest distance from `at` that is looked at. */
  readonly reach: number;
  /** Throws outside the domain. */
  readonly valuesAt: (theta: number) => Named;
}

/** The derivative of one of them at `at`. */
export interface Slope {
  readonly slope: number;
  /** Whether it is anything but constant; one that is not has slope 0 to the bit. */
  readonly moves: boolean;
  /** Whether the slopes to both sides differ; `slope` is then their mean. */
  readonly corner: boolean;
}

/** Halvings of the distance. */
const LEVELS = 14;
/** Halvings before anything is decided. */
const FEWEST = 3;
/** Orders of Richardson's extrapolation. */
const ORDERS = 6;
/** An error, relative to the number's size, with which the extrapolation ends. */
const ENOUGH = 1e-12;
/** One with which the number is refused: what is smooth but for a corner leaves less, what jumps or is noise leaves more. */
const WORST = 1e-5;
/** Smaller distances, relative to max(|at|, 1), leave nothing of a difference. */
const SMALLEST = 2 ** -40;

/**
 * How far to look along a line, to both sides of `at`: as far as `evaluate` does not throw.
 *
 * @throws InputError where it is not, with the last error that kept it from being so
 */
export function reachOf(at: number, label: string, where: string, evaluate: (theta: number) => unknown): number {
  const size = Math.max(Math.abs(at), 1);
  let problem: unknown;
  for (let reach = 2 ** (Math.floor(Math.log2(size)) - 5); reach > SMALLEST * size; reach /= 4) {
    try {
      evaluate(at + reach);
      evaluate(at - reach);
      return reach;
    } catch (error) {
      problem = error;
    }
  }
  const got = problem instanceof Error ? problem.message : String(problem);
  throw new InputError(`${where}: under must give distributions on both sides of ${label} = ${at}, got: ${got}`);
}

/**
 * Derivatives of named numbers by central differences at halved distances, extrapolated to distance 0 in f64 (C. J. F. Ridders,
 * Advances in Engineering Software 4, 1982): the entry of least estimated error, about 1e-12 relative for smooth functions.
 *
 * @throws InputError for a function that jumps at the point, or has no slope there
 */
export function slopesOf(line: Line, centre: Named, names: readonly string[], where: string): Map<string, Slope> {
  const { at, label, reach, valuesAt } = line;
  const size = Math.max(Math.abs(at), 1);
  const found = names.map((name) => new Extrapolation(centre[name] as number, size));
  for (let level = 0; level < LEVELS; level++) {
    const [high, low] = [at + reach / 2 ** level, at - reach / 2 ** level];
    const [above, below] = [valuesAt(high), valuesAt(low)];
    names.forEach((name, k) => {
      found[k]?.add(above[name] as number, below[name] as number, high - low);
    });
    if (level + 1 >= FEWEST && found.every((one) => one.error <= ENOUGH)) break;
  }
  found.forEach(({ error }, k) => {
    if (error <= WORST) return;
    const got = Number.isFinite(error) ? `differences that agree only to ${error.toPrecision(2)}` : "a jump";
    throw new InputError(
      `${where}: under must give parameters that are smooth functions of ${label} at ${at}, got ${got} for '${nameOf(names[k] as string)}'`,
    );
  });
  return new Map(names.map((name, k) => [name, (found[k] as Extrapolation).result]));
}

/** A parameter's name as its family has it: a location in two parameters has one name. */
export function nameOf(parameter: string): string {
  return parameter.replace(/Whole$/, "");
}

/** The table of one number: a row a distance, an entry an order. */
class Extrapolation {
  readonly #centre: number;
  readonly #size: number;
  #row: readonly number[] = [];
  #best = Number.NaN;
  /** The difference at the widest distance. */
  #widest = Number.NaN;
  #error = Number.POSITIVE_INFINITY;
  #moves = false;
  /** The second differences over the distance, at first and at last: halved with it where the function is smooth. */
  #firstBend = 0;
  #lastBend = 0;
  #levels = 0;

  constructor(centre: number, size: number) {
    this.#centre = centre;
    this.#size = size;
  }

  get result(): Slope {
    return { slope: this.#best, moves: this.#moves, corner: this.#hasCorner };
  }

  /** The estimated error of the best entry, relative to how large the number and its slope are; infinite at a jump. */
  get error(): number {
    if (this.#lastBend > 1.5 * this.#firstBend && this.#lastBend > 1e-6 * this.#scale) return Number.POSITIVE_INFINITY;
    return this.#error === 0 ? 0 : this.#error / this.#scale;
  }

  get #scale(): number {
    return Math.abs(this.#best) + Math.abs(this.#widest) + Math.abs(this.#centre) / this.#size;
  }

  get #hasCorner(): boolean {
    return this.#lastBend > 0.75 * this.#firstBend && this.#lastBend > 1e-6 * this.#scale;
  }

  add(above: number, below: number, distance: number): void {
    const row = [(above - below) / distance];
    if (this.#levels === 0) [this.#best, this.#widest] = [row[0] as number, row[0] as number];
    this.#row.forEach((coarse, m) => {
      const fine = row[m] as number;
      const better = fine + (fine - coarse) / (4 ** (m + 1) - 1);
      const error = Math.max(Math.abs(better - fine), Math.abs(better - coarse));
      if (error < this.#error) [this.#best, this.#error] = [better, error];
      if (m + 1 < ORDERS) row.push(better);
    });
    this.#row = row;
    if (above !== this.#centre || below !== this.#centre) this.#moves = true;
    this.#lastBend = Math.abs(above - this.#centre - (this.#centre - below)) / distance;
    if (this.#levels === 0) this.#firstBend = this.#lastBend;
    this.#levels += 1;
  }
}
