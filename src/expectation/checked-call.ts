import { InputError } from "../core/errors.ts";
import { checkChoice, checkFinite, checkNamesOf, checkWhole } from "../core/options.ts";
import type { Distribution } from "../distributions/distribution.ts";
import { checkDistribution } from "../distributions/parts.ts";
import type { Expr } from "../expression/expr.ts";
import { parseFormula } from "../expression/parse.ts";
import { traceFormula } from "../expression/trace.ts";
import { seedWords } from "../random/seed.ts";
import { type Address, DEFAULT_GENERATOR, GENERATORS } from "../random/words.ts";
import type { Method, Warning } from "./estimate.ts";
import type { ExpectationOptions, Formula } from "./options.ts";

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

/** Functions of an event and where it comes from, checked and combined: the part that all methods share. */
export interface CheckedCall {
  readonly where: string;
  readonly functions: readonly Expr[];
  readonly scalar: boolean;
  readonly under: Distribution;
  readonly parameters: Readonly<Record<string, number>>;
  readonly method: Method;
  readonly address: Address;
  readonly control?: { readonly of: Expr; readonly mean: number };
  readonly conditional?: Expr;
  /** What is known of the functions before the first sample. */
  readonly warnings?: readonly Warning[];
  /** Samples that one draw of `under` holds, where it is several of them side by side. */
  readonly group?: number;
}

/** Functions that are expressions of the event's coordinates already, and what is known of them. */
export interface Given {
  readonly functions: readonly Expr[];
  /** Whether there is one, to be reported as such rather than as a list; false by default. */
  readonly scalar?: boolean;
  readonly warnings: readonly Warning[];
  readonly group?: number;
}

/** Checks what is asked, before any work; functions that are given stand for `of`. */
export function checkedCall(options: ExpectationOptions, where: string, given?: Given): CheckedCall {
  checkNamesOf(options, NAMES, where);
  const {
    under,
    generator = DEFAULT_GENERATOR,
    seed = 0,
    stream = 0,
    parameters = {},
    method = "independent",
  } = options;
  checkKinds(options, where);
  checkDistribution(under, "under", where);
  for (const [name, value] of Object.entries(parameters)) checkFinite(value, where, `parameters.${name}`);
  const dimension = under.shape[0] ?? 0;
  const names = Object.keys(parameters);
  const read: Reader = (formula, label) => readFormula(formula, dimension, names, `${where}: ${label}`);
  const { functions, scalar = false } = given ?? readFunctions(options.of, read, where);
  const { control, conditional } = options;
  return {
    where,
    functions,
    scalar,
    under,
    parameters,
    method: checkChoice(method, METHODS, where, "method"),
    address: {
      generator: checkChoice(generator, GENERATORS, where, "generator"),
      seed: seedWords(seed, where),
      stream: checkWhole(stream, 0, 2 ** 31 - 1, where, "stream"),
    },
    ...(control
      ? {
          control: {
            of: one(read(control.of, "control.of"), where),
            mean: checkFinite(control.mean, where, "control.mean"),
          },
        }
      : {}),
    ...(conditional === undefined ? {} : { conditional: one(read(conditional, "conditional"), where) }),
    ...(given ? { warnings: given.warnings, group: given.group ?? 1 } : {}),
  };
}

/** Refuses values of a kind that would fail later, or be silently taken for something else. */
function checkKinds(options: ExpectationOptions, where: string): void {
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
