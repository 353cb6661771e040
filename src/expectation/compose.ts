import { covers } from "../distributions/covers.ts";
import type { Distribution, Model, Rejection } from "../distributions/distribution.ts";
import { checkDistribution, prefixedFormula, prefixedParameters, prefixedRejections } from "../distributions/parts.ts";
import { tooLong } from "../distributions/too-long.ts";
import { InputError } from "../engine/errors.ts";
import { call, type Expr, number, parameter, variable } from "../expression/expr.ts";
import { lowerUnchecked } from "../expression/program.ts";
import type { Scheme, Warning } from "./estimate.ts";
import type { Draws, Integrand, Tallies, Variate } from "./integrand.ts";
import { logWeightOf } from "./log-weights.ts";
import type { ExpectationOptions } from "./options.ts";
import type { Question } from "./question.ts";

/** A coefficient that a control variate was found to want. */
export interface Coefficient {
  readonly coefficient: number;
  readonly correlation: number;
  readonly pilotSamples: number;
  /** How far the pilot's mean of the control is from the one that was given. */
  readonly standardErrorsOff: number;
}

/** What a method wants that is not in the call. */
export interface Supplies {
  readonly coefficient?: Coefficient | undefined;
  /** Sobol direction words for each variate. */
  readonly directions?: Uint32Array | undefined;
}

/** What each draw computes, and what is summed of it. */
export interface Composition {
  readonly variates: readonly Variate[];
  /** What the variates must pass, see `Model`. */
  readonly rejections: readonly Rejection[];
  readonly outputs: readonly Expr[];
  readonly parameters: Readonly<Record<string, number>>;
  readonly draws: Draws;
  readonly tallies: Tallies;
  readonly unshifted: readonly number[];
  readonly role: Scheme["role"];
  readonly logWeight?: number | undefined;
  readonly warnings: readonly Warning[];
}

const PLAIN: Tallies = { higher: true, products: [], peaks: [] };

/** The program of a method: f of the event, and what the method makes of it. */
export function compose(
  question: Question,
  options: ExpectationOptions,
  draws: number,
  { coefficient, directions = NO_DIRECTIONS }: Supplies,
): Composition {
  const { where, method, control, conditional } = question;
  if (control && question.functions.length !== 1) {
    throw new InputError(`${where}: control needs one function, got ${question.functions.length}`);
  }
  const special = [control && "control", options.proposal && "proposal", conditional && "conditional"].filter(Boolean);
  if (special.length > 1) throw new InputError(`${where}: ${special.join(" and ")} cannot be combined; choose one`);
  if (options.selfNormalised && !options.proposal) throw new InputError(`${where}: selfNormalised needs a proposal`);
  if ((options.proposal || conditional) && method !== "independent") {
    throw new InputError(`${where}: ${special[0]} needs method "independent", got "${method}"`);
  }
  if (options.proposal) return composeWeighted(question, options.proposal, options.selfNormalised === true);
  const plain = composePlain(question, coefficient);
  if (plain.rejections.length > 0 && method !== "independent") {
    throw new InputError(
      `${where}: ${question.under.name} is sampled by rejection, which method "${method}" cannot place; use "independent"`,
    );
  }
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
  return integrandOf(composed, question);
}

export function integrandOf(composed: Composition, { where, under }: Pick<Question, "where" | "under">): Integrand {
  const { outputs, rejections } = composed;
  const formulas = [...outputs, ...rejections.map(({ accept }) => accept)];
  const program = lowerUnchecked(formulas, where, undefined, tooLong(under));
  return {
    variates: composed.variates,
    rejections: rejections.map(({ variates }) => variates),
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
  const parameters: Record<string, number> = { ...question.parameters, ...prefixedParameters(model, "under.") };
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
    rejections: prefixedRejections(model, "under.", same),
    outputs: functions.map((f) => placed(f, event)),
    parameters,
    draws: { kind: "random" },
    tallies: PLAIN,
    unshifted: [],
    role: conditional ? "conditional" : "plain",
    warnings: coefficient && coefficient.standardErrorsOff > 5 ? [wrongMean(coefficient)] : [],
  };
}

function wrongMean({ standardErrorsOff, pilotSamples }: Coefficient): Warning {
  const message = `control.mean is ${standardErrorsOff.toPrecision(2)} standard errors from what ${pilotSamples} samples of the control give: the estimate is off by as much.`;
  return { code: "mismatch", message };
}

function same(index: number): number {
  return index;
}

function eventOf(model: Model, prefix: string): readonly Expr[] {
  const variates = model.variates.map((_, k) => variable(k));
  return model.event.map((coordinate) => placed(coordinate, variates, prefix));
}

/** f w and w for draws of the proposal; where the density is 0, so is f w. */
function composeWeighted(question: Question, proposal: Distribution, selfNormalised: boolean): Composition {
  const { where, under } = question;
  checkDistribution(proposal, "proposal", where);
  if ((proposal.shape[0] ?? 0) !== (under.shape[0] ?? 0)) {
    throw new InputError(
      `${where}: proposal must have under's shape [${under.shape.join()}], got [${proposal.shape.join()}]`,
    );
  }
  const kinds = ({ support }: Distribution) => support.map(({ kind }) => (kind === "shares" ? kind : "numbers")).join();
  if (kinds(proposal) !== kinds(under)) {
    throw new InputError(
      `${where}: densities of shares that add up to 1, as of dirichlet, and of other vectors have no ratio; got under ${under.name} and proposal ${proposal.name}`,
    );
  }
  const event = eventOf(proposal.model, "proposal.");
  const log = (model: Model, prefix: string) => placed(model.logDensity, event, prefix);
  const logRatio = call("sub", log(under.model, "under."), log(proposal.model, "proposal."));
  const ratio = call("exp", logRatio);
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
  const composed: Composition = {
    variates: proposal.model.variates,
    rejections: prefixedRejections(proposal.model, "proposal.", same),
    outputs: [...weighed, weight],
    parameters: {
      ...question.parameters,
      ...prefixedParameters(under.model, "under."),
      ...prefixedParameters(proposal.model, "proposal."),
    },
    draws: { kind: "random" },
    tallies: { higher: true, products: selfNormalised ? weighed.map((_, k) => [k, w] as const) : [], peaks: [w] },
    unshifted: [],
    role: selfNormalised ? "self-normalised" : "importance",
    warnings: missed,
  };
  const logs = [inside ? call("select", inside, logRatio, number(LOWEST)) : logRatio];
  return { ...composed, logWeight: logWeightOf(integrandOf({ ...composed, outputs: logs }, question), question) };
}

/** Stands for the log-weight of what is outside the support. */
const LOWEST = -3e38;

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
  return prefixedFormula(expr, prefix, (index) => {
    const variable = variables[index];
    if (!variable) throw new RangeError(`x[${index}] stands for nothing`);
    return variable;
  });
}

/** Sobol points are balanced in powers of two. */
function balance(points: number): readonly Warning[] {
  if (Number.isInteger(Math.log2(points))) return [];
  const message = `${points} points a randomisation are not a power of two, so the Sobol points are not balanced.`;
  return [{ code: "unbalanced", message }];
}

function numberOf(name: string, values: Readonly<Record<string, number>>, where: string): number {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new InputError(`${where}: parameter '${name}' has no value; give it in parameters`);
  if (!Number.isFinite(Math.fround(value))) {
    throw new InputError(`${where}: parameter '${name}' must be finite as a 32-bit float, got ${value}`);
  }
  return value;
}
