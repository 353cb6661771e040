import { InputError } from "../core/errors.ts";
import { checkChoice, checkFinite, checkNamesOf, checkWhole, MOST_SAMPLES } from "../core/options.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { checkDistribution } from "../distributions/parts.ts";
import type { Expr } from "../expression/expr.ts";
import { parseFormula } from "../expression/parse.ts";
import { traceFormula } from "../expression/trace.ts";
import { seedWords } from "../random/seed.ts";
import { type Address, DEFAULT_GENERATOR, GENERATORS } from "../random/words.ts";
import type { Method, Snapshot, Warning } from "./estimate.ts";
import type { ExpectationOptions, Formula, Until } from "./options.ts";

const METHODS: readonly Method[] = ["independent", "antithetic", "stratified", "sobol", "exact"];
/** The names of an expectation's options. */
export const NAMES = [
  "of",
  "under",
  "samples",
  "seed",
  "stream",
  "offset",
  "method",
  "parameters",
  "control",
  "proposal",
  "selfNormalised",
  "conditional",
  "randomisations",
  "until",
  "generator",
  "signal",
  "onProgress",
  "resume",
];

/** How an expectation is taken, checked: all that a call says but its functions. */
interface CheckedOptions {
  /** The public function that messages name. */
  readonly where: string;
  readonly under: Distribution;
  readonly parameters: Readonly<Record<string, number>>;
  readonly method: Method;
  readonly address: Address;
  /** 0 with method "exact". */
  readonly samples: number;
  readonly offset: number | undefined;
  readonly randomisations: number | undefined;
  readonly proposal: Distribution | undefined;
  readonly selfNormalised: boolean | undefined;
  readonly until: Until | undefined;
  readonly signal: AbortSignal | undefined;
  readonly resume: Snapshot | undefined;
}

/** A call of an expectation, checked once: functions as expressions of the event's coordinates, and how their means are taken. */
export interface CheckedCall extends CheckedOptions {
  readonly functions: readonly Expr[];
  /** Whether there is one, to be reported as such rather than as a list. */
  readonly scalar: boolean;
  readonly control?: { readonly of: Expr; readonly mean: number } | undefined;
  readonly conditional?: Expr | undefined;
  /** What is known of the functions before the first sample. */
  readonly warnings?: readonly Warning[];
  /** Samples that one draw of `under` holds, where it is several of them side by side. */
  readonly group?: number;
}

/**
 * Checks a call, before any work.
 *
 * @throws InputError for options that do not fit, FormulaError for formulas that are none
 */
export function checkedCall(options: ExpectationOptions, where: string): CheckedCall {
  checkNamesOf(options, NAMES, where);
  const checked = checkedOptions(options, where);
  const dimension = checked.under.shape[0] ?? 0;
  const names = Object.keys(checked.parameters);
  const read: Reader = (formula, label) => readFormula(formula, dimension, names, `${where}: ${label}`);
  const { control, conditional } = options;
  return {
    ...checked,
    ...readFunctions(options.of, read, where),
    control: control && {
      of: one(read(control.of, "control.of"), where),
      mean: checkFinite(control.mean, where, "control.mean"),
    },
    conditional: conditional === undefined ? undefined : one(read(conditional, "conditional"), where),
  };
}

/** Checks how a mean is taken, by functions that build their own expressions. */
export function checkedOptions(options: Omit<ExpectationOptions, "of">, where: string): CheckedOptions {
  checkKinds(options, where);
  const { under, proposal, offset, randomisations, signal, resume } = options;
  // Of our own: the caller may change theirs while the run goes on.
  const parameters = Object.freeze({ ...options.parameters });
  const { generator = DEFAULT_GENERATOR, seed = 0, stream = 0, method = "independent" } = options;
  checkDistribution(under, "under", where);
  if (proposal !== undefined) checkDistribution(proposal, "proposal", where);
  for (const [name, value] of Object.entries(parameters)) checkFinite(value, where, `parameters.${name}`);
  checkChoice(method, METHODS, where, "method");
  const samples = method === "exact" ? 0 : checkWhole(options.samples, 1, MOST_SAMPLES, where, "samples");
  if (offset !== undefined) checkWhole(offset, 0, MOST_SAMPLES - samples, where, "offset");
  return {
    where,
    under,
    parameters,
    method,
    address: {
      generator: checkChoice(generator, GENERATORS, where, "generator"),
      seed: seedWords(seed, where),
      stream: checkWhole(stream, 0, 2 ** 31 - 1, where, "stream"),
    },
    samples,
    offset,
    randomisations,
    proposal,
    selfNormalised: options.selfNormalised,
    until: checkUntil(options.until && { ...options.until }, where),
    signal,
    resume,
  };
}

function checkUntil(until: Until | undefined, where: string): Until | undefined {
  if (until === undefined) return undefined;
  const names = ["standardError", "relativeError", "milliseconds"] as const;
  checkNamesOf(until, names, `${where}: until`);
  for (const name of names) {
    const value = until[name];
    if (value !== undefined && !(typeof value === "number" && value > 0)) {
      throw new InputError(`${where}: until.${name} must be a number > 0, got ${String(value)}`);
    }
  }
  if (names.every((name) => until[name] === undefined)) {
    throw new InputError(`${where}: until needs one of ${names.join(", ")}`);
  }
  return until;
}

/** Refuses values of a kind that would fail later, or be silently taken for something else. */
function checkKinds(options: Omit<ExpectationOptions, "of">, where: string): void {
  const kinds = {
    parameters: "object",
    control: "object",
    until: "object",
    resume: "object",
    selfNormalised: "boolean",
    signal: "object",
  } as const;
  for (const [name, kind] of Object.entries(kinds)) {
    const value = options[name as keyof typeof kinds];
    if (value === undefined || (typeof value === kind && value !== null)) continue;
    throw new InputError(
      `${where}: ${name} must be ${kind === "object" ? "an object" : `a ${kind}`}, got ${String(value)}`,
    );
  }
  if (options.control) checkNamesOf(options.control, ["of", "mean"], `${where}: control`);
  if (options.signal && typeof options.signal.addEventListener !== "function") {
    throw new InputError(`${where}: signal must be an AbortSignal`);
  }
  if (options.randomisations !== undefined && options.method !== "sobol") {
    throw new InputError(`${where}: randomisations are for method "sobol"; leave them out`);
  }
}

type Reader = (formula: Formula, label: string) => Expr | readonly Expr[];

function readFormula(
  formula: Formula,
  dimension: number,
  names: readonly string[],
  where: string,
): Expr | readonly Expr[] {
  if (typeof formula === "function") return traceFormula(formula, { dimension, where });
  return parseFormula(formula, { dimension, where, parameters: names });
}

function readFunctions(
  of: ExpectationOptions["of"],
  read: Reader,
  where: string,
): { functions: readonly Expr[]; scalar: boolean } {
  if (Array.isArray(of)) {
    const functions = of.map((formula: Formula, k) => one(read(formula, `of[${k}]`), where));
    if (functions.length === 0) throw new InputError(`${where}: of is an empty list`);
    return { functions, scalar: false };
  }
  const functions = read(of as Formula, "of");
  return isList(functions) ? { functions, scalar: false } : { functions: [functions], scalar: true };
}

function isList(exprs: Expr | readonly Expr[]): exprs is readonly Expr[] {
  return Array.isArray(exprs);
}

function one(exprs: Expr | readonly Expr[], where: string): Expr {
  if (!isList(exprs)) return exprs;
  throw new InputError(`${where}: needed one value, got a list of ${exprs.length}`);
}
