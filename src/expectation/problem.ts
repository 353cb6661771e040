import { covers } from "../distributions/covers.ts";
import type { Distribution, Model } from "../distributions/distribution.ts";
import { InputError } from "../engine/errors.ts";
import { call, type Expr, isIndicator, number, parameter, variable } from "../expression/expr.ts";
import { parseFormula } from "../expression/parse.ts";
import { lowerUnchecked, type Program, signature } from "../expression/program.ts";
import { substitute } from "../expression/substitute.ts";
import { traceFormula } from "../expression/trace.ts";
import { seedHex, seedWords } from "../random/seed.ts";
import { type Address, DEFAULT_GENERATOR } from "../random/words.ts";
import type { Method, Scheme, Warning } from "./estimate.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Draws, Integrand, Tallies, Variate } from "./integrand.ts";
import {
  checkChoice,
  checkFinite,
  checkNamesOf,
  checkWhole,
  type ExpectationOptions,
  type Formula,
  MOST_SAMPLES,
} from "./options.ts";
import type { Job } from "./run.ts";

/** A call made ready: what to sum, and how the sums become estimates. */
export interface Problem {
  readonly job: Job;
  /** Without shifts: those come from the job. */
  readonly scheme: Omit<Scheme, "shifts">;
  /** Evaluations of f in one draw. */
  readonly samplesPerDraw: number;
  /** Evaluations in all, over all replicates. */
  readonly samples: number;
  readonly fingerprint: string;
}

/** A coefficient that a control variate was found to want. */
export interface Coefficient {
  readonly coefficient: number;
  readonly correlation: number;
  readonly pilotSamples: number;
}

const METHODS: readonly Method[] = ["independent", "antithetic", "stratified", "sobol", "exact"];
const GENERATORS = ["threefry4x32-20", "philox4x32-10"] as const;
const NAMES = [
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
export interface Question {
  readonly where: string;
  readonly functions: readonly Expr[];
  readonly scalar: boolean;
  readonly under: Distribution;
  readonly parameters: Readonly<Record<string, number>>;
  readonly method: Method;
  readonly address: Address;
  readonly control?: { readonly of: Expr; readonly mean: number };
  readonly conditional?: Expr;
}

/** Checks what is asked, before any work. */
export function questionOf(options: ExpectationOptions, where: string): Question {
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
  checkDistribution(under, where, "under");
  for (const [name, value] of Object.entries(parameters)) checkFinite(value, where, `parameters.${name}`);
  const dimension = under.shape[0] ?? 0;
  const names = Object.keys(parameters);
  const read: Reader = (formula, label) => readFormula(formula, dimension, names, `${where}: ${label}`);
  const { functions, scalar } = readFunctions(options.of, read, where);
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

function checkDistribution(value: unknown, where: string, name: string): void {
  const model = (value as Partial<Distribution> | undefined)?.model;
  if (model === undefined) throw new InputError(`${where}: ${name} must be a distribution, such as normal(0, 1)`);
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

/** What each draw computes, and how often f is evaluated in it. */
interface Composition {
  readonly variates: readonly Variate[];
  readonly outputs: readonly Expr[];
  readonly parameters: Readonly<Record<string, number>>;
  readonly draws: Draws;
  readonly tallies: Tallies;
  readonly unshifted: readonly number[];
  readonly role: Scheme["role"];
  readonly warnings: readonly Warning[];
}

const PLAIN: Tallies = { higher: true, products: [], peaks: [] };

/** What a method wants that is not in the call. */
export interface Supplies {
  readonly coefficient?: Coefficient | undefined;
  /** Sobol direction words for each variate. */
  readonly directions?: Uint32Array | undefined;
}

/** Turns a question into a problem; what its method wants must be there by now. */
export function problemOf(question: Question, options: ExpectationOptions, supplies: Supplies = {}): Problem {
  const { coefficient } = supplies;
  const { where, method } = question;
  const samples = checkWhole(options.samples, 1, MOST_SAMPLES, where, "samples");
  const randomisations =
    method === "sobol" ? checkWhole(options.randomisations ?? 16, 2, 4096, where, "randomisations") : 1;
  const perDraw = method === "antithetic" || method === "stratified" ? 2 : 1;
  const group = perDraw * randomisations;
  if (samples % group !== 0) {
    const near = [Math.floor(samples / group) * group, Math.ceil(samples / group) * group].filter((n) => n > 0);
    throw new InputError(
      `${where}: ${method} draws come in groups of ${group}, so samples must be a multiple of that, got ${samples}; take ${near.join(" or ")}`,
    );
  }
  const offset = checkWhole(options.offset ?? 0, 0, MOST_SAMPLES - samples, where, "offset");
  checkFixed(method, offset, options, perDraw, where);
  const draws = samples / group;
  const composed = compose(question, options, draws, supplies);
  const integrand = integrandOf(composed, where);
  const { program } = integrand;
  checkStreams(question.address.stream, randomisations, where);
  const job: Job = {
    where,
    integrand,
    address: question.address,
    replicates: randomisations,
    offset: offset / perDraw,
    draws,
  };
  const scheme = schemeOf(question, composed, program, draws, coefficient);
  const fixed = method === "stratified" || method === "sobol" ? samples : 0;
  const identity = [
    1,
    signature(program),
    integrand.parameters,
    composed.variates,
    composed.tallies,
    composed.draws.kind,
  ];
  const words = [question.address, method, randomisations, fixed, scheme.role];
  return { job, scheme, samplesPerDraw: perDraw, samples, fingerprint: fingerprint(JSON.stringify([identity, words])) };
}

/** Streams that callers may use end at 2^31. */
export function checkStreams(first: number, count: number, where: string): void {
  if (first + count <= 2 ** 31) return;
  throw new InputError(
    `${where}: streams ${first} to ${first + count - 1} are needed, and the last there is is 2147483647`,
  );
}

/** Methods whose points depend on how many there are take a whole run at once. */
function checkFixed(method: Method, offset: number, options: ExpectationOptions, perDraw: number, where: string): void {
  if (method === "exact") throw new InputError(`${where}: method "exact" draws no samples`);
  if (offset % perDraw !== 0)
    throw new InputError(`${where}: antithetic samples come in pairs; offset must be even, got ${offset}`);
  if (method !== "stratified" && method !== "sobol") return;
  if (offset !== 0) throw new InputError(`${where}: ${method} fixes its points from the start; leave offset out`);
  if (options.until) throw new InputError(`${where}: ${method} fixes its samples from the start; leave until out`);
}

function numberOf(name: string, values: Readonly<Record<string, number>>, where: string): number {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new InputError(`${where}: parameter '${name}' has no value; give it in parameters`);
  if (!Number.isFinite(Math.fround(value))) {
    throw new InputError(`${where}: parameter '${name}' must be finite as a 32-bit float, got ${value}`);
  }
  return value;
}

function compose(
  question: Question,
  options: ExpectationOptions,
  draws: number,
  { coefficient, directions = NO_DIRECTIONS }: Supplies,
): Composition {
  const { where, method, control, conditional } = question;
  const special = [control && "control", options.proposal && "proposal", conditional && "conditional"].filter(Boolean);
  if (special.length > 1) throw new InputError(`${where}: ${special.join(" and ")} cannot be combined; choose one`);
  if (options.selfNormalised && !options.proposal) throw new InputError(`${where}: selfNormalised needs a proposal`);
  if ((options.proposal || conditional) && method !== "independent") {
    throw new InputError(`${where}: ${special[0]} needs method "independent", got "${method}"`);
  }
  if (options.proposal) return composeWeighted(question, options.proposal, options.selfNormalised === true);
  const plain = composePlain(question, coefficient);
  if (method === "antithetic") return mirrored(plain);
  if (method === "stratified") return stratified(plain, draws, where);
  if (method === "sobol" && draws > 2 ** 32) {
    throw new InputError(`${where}: a Sobol sequence has 2^32 points, got ${draws} a randomisation`);
  }
  if (method === "sobol")
    return {
      ...plain,
      draws: { kind: "sobol", directions },
      tallies: { ...PLAIN, higher: false },
      warnings: balance(draws),
    };
  return plain;
}

/** Functions of an event as an integrand, drawn independently. */
export function plainIntegrand(question: Question, functions: readonly Expr[]): Integrand {
  const { control: _, conditional: __, ...rest } = question;
  const composed = composePlain({ ...rest, functions }, undefined);
  return integrandOf(composed, question.where);
}

function integrandOf(composed: Composition, where: string): Integrand {
  const program = lowerUnchecked(composed.outputs, where);
  return {
    variates: composed.variates,
    program,
    parameters: program.parameters.map((name) => numberOf(name, composed.parameters, where)),
    draws: composed.draws,
    tallies: composed.tallies,
    unshifted: composed.unshifted,
  };
}

const NO_DIRECTIONS = new Uint32Array(0);

/** f of the event, the event of its variates. */
function composePlain(question: Question, coefficient: Coefficient | undefined): Composition {
  const { model } = question.under;
  const event = eventOf(model, "under.");
  const parameters: Record<string, number> = { ...question.parameters, ...prefixed(model.parameters, "under.") };
  const { control, conditional } = question;
  let functions = [...question.functions];
  if (control && coefficient) {
    // f - b (c - E c): b is a parameter, so every run of a formula shares one shader.
    parameters["control.coefficient"] = coefficient.coefficient;
    parameters["control.mean"] = control.mean;
    const centred = call("sub", control.of, parameter("control.mean"));
    functions = functions.map((f) => call("sub", f, call("mul", parameter("control.coefficient"), centred)));
  }
  if (conditional) {
    if (functions.length !== 1)
      throw new InputError(`${question.where}: conditional needs one function, got ${functions.length}`);
    functions = [conditional, ...functions];
  }
  return {
    variates: model.variates,
    outputs: functions.map((f) => placed(f, event)),
    parameters,
    draws: { kind: "random" },
    tallies: PLAIN,
    unshifted: [],
    role: conditional ? "conditional" : "plain",
    warnings: [],
  };
}

function eventOf(model: Model, prefix: string): readonly Expr[] {
  const variates = model.variates.map((_, k) => variable(k));
  return model.event.map((coordinate) => placed(coordinate, variates, prefix));
}

/** f w and w for draws of the proposal; where the density is 0, so is f w. */
function composeWeighted(question: Question, proposal: Distribution, selfNormalised: boolean): Composition {
  const { where, under } = question;
  checkDistribution(proposal, where, "proposal");
  if ((proposal.shape[0] ?? 0) !== (under.shape[0] ?? 0)) {
    throw new InputError(
      `${where}: proposal must have under's shape [${under.shape.join()}], got [${proposal.shape.join()}]`,
    );
  }
  const event = eventOf(proposal.model, "proposal.");
  const log = (model: Model, prefix: string) => placed(model.logDensity, event, prefix);
  const ratio = call("exp", call("sub", log(under.model, "under."), log(proposal.model, "proposal.")));
  const inside = within(under.model, event);
  const weight = inside ? call("select", inside, ratio, number(0)) : ratio;
  const weighed = question.functions.map((f) => {
    const product = call("mul", placed(f, event), ratio);
    return inside ? call("select", inside, product, number(0)) : product;
  });
  const w = weighed.length;
  const missed: Warning[] = covers(proposal, under)
    ? []
    : [
        {
          code: "missed-mass",
          message: "The proposal's support does not cover the distribution's: what lies outside is missed.",
        },
      ];
  return {
    variates: proposal.model.variates,
    outputs: [...weighed, weight],
    parameters: {
      ...question.parameters,
      ...prefixed(under.model.parameters, "under."),
      ...prefixed(proposal.model.parameters, "proposal."),
    },
    draws: { kind: "random" },
    tallies: { higher: true, products: selfNormalised ? weighed.map((_, k) => [k, w] as const) : [], peaks: [w] },
    unshifted: [],
    role: selfNormalised ? "self-normalised" : "importance",
    warnings: missed,
  };
}

/** Whether an event lies in a support, as a condition; nothing where the support is everything. */
function within(model: Model, event: readonly Expr[]): Expr | undefined {
  const conditions = model.support.flatMap((support, k) => {
    const x = event[k] as Expr;
    const low = Number.isFinite(support.low) ? [call("ge", x, number(support.low))] : [];
    const high = Number.isFinite(support.high) ? [call("le", x, number(support.high))] : [];
    return [...low, ...high];
  });
  return conditions.length === 0 ? undefined : conditions.reduce((all, condition) => call("and", all, condition));
}

/** The mean of f at a draw and at its mirror image: -z for a normal, 1 - u for a uniform. */
function mirrored(plain: Composition): Composition {
  const images = plain.variates.map((variate, k) => {
    if (variate === "normal") return call("neg", variable(k));
    // 1 - u is exact but for the smallest u, which must not become 1.
    const image = call("sub", number(1), variable(k));
    return call("min", image, number(1 - 2 ** -24));
  });
  const outputs = plain.outputs.map((f) => {
    return call("mul", number(0.5), call("add", f, placed(f, images)));
  });
  return { ...plain, outputs };
}

/** Two samples a stratum: their mean, and half their difference, whose square is the variance of that mean. */
function stratified(plain: Composition, strata: number, where: string): Composition {
  if (strata > 2 ** 31) throw new InputError(`${where}: stratified takes at most 2^32 samples, got ${strata * 2}`);
  const d = plain.variates.length;
  const partner = plain.variates.map((_, k) => variable(k + d));
  const outputs = plain.outputs.flatMap((f) => {
    const other = placed(f, partner);
    return [call("mul", number(0.5), call("add", f, other)), call("mul", number(0.5), call("sub", f, other))];
  });
  return {
    ...plain,
    variates: [...plain.variates, ...plain.variates],
    outputs,
    draws: { kind: "stratified", strata, coordinates: [0, d] },
    unshifted: plain.outputs.map((_, k) => 2 * k + 1),
  };
}

/** An expression with others in the place of its variables, and a prefix on the names of its parameters. */
function placed(expr: Expr, variables: readonly Expr[], prefix = ""): Expr {
  return substitute(expr, (leaf) => {
    if (leaf.kind === "parameter") return prefix === "" ? leaf : parameter(prefix + leaf.name);
    const variable = variables[leaf.index];
    if (!variable) throw new RangeError(`x[${leaf.index}] stands for nothing`);
    return variable;
  });
}

/** Parameters under prefixed names. */
function prefixed(values: Readonly<Record<string, number>>, prefix: string): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

/** Sobol points are balanced in powers of two. */
function balance(points: number): readonly Warning[] {
  if (Number.isInteger(Math.log2(points))) return [];
  const message = `${points} points a randomisation are not a power of two, so the Sobol points are not balanced.`;
  return [{ code: "unbalanced", message }];
}

function schemeOf(
  question: Question,
  composed: Composition,
  program: Program,
  draws: number,
  coefficient: Coefficient | undefined,
): Omit<Scheme, "shifts"> {
  const plain = question.method === "independent" && composed.role === "plain" && !question.control;
  return {
    method: question.method,
    scalar: question.scalar,
    functions: question.functions.length,
    outputs: program.outputs.length,
    tallies: composed.tallies,
    indicators: question.functions.map((f) => plain && isIndicator(f)),
    constants: question.functions.map(
      (_, k) => program.instructions[program.outputs[k] ?? 0]?.kind === "number" || draws < 2,
    ),
    role: composed.role,
    generator: question.address.generator,
    seed: seedHex(question.address.seed),
    stream: question.address.stream,
    ...(coefficient ? { control: coefficient } : {}),
    warnings: composed.warnings,
  };
}
