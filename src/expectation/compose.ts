import { InputError } from "../core/errors.ts";
import { coordinatesOf } from "../distributions/coordinates.ts";
import { covers } from "../distributions/covers.ts";
import type { Distribution, Model, Rejection } from "../distributions/distribution.ts";
import { LOWEST } from "../distributions/formulas.ts";
import { allOf, withinBounds } from "../distributions/inside.ts";
import {
  checkDistribution,
  leastShareOf,
  prefixedFormula,
  prefixedParameters,
  prefixedRejections,
} from "../distributions/parts.ts";
import { Rewriter } from "../distributions/rewriting/rewriter.ts";
import { tooLong } from "../distributions/too-long.ts";
import { call, type Expr, number, parameter, variable } from "../expression/expr.ts";
import { lowerUnchecked } from "../expression/program.ts";
import type { Draws, Integrand, Tallies, Variate } from "../sampling/integrand.ts";
import type { CheckedCall } from "./checked-call.ts";
import { clampingOf } from "./clamping.ts";
import type { Clamping, Scheme, Warning } from "./estimate.ts";
import { logWeightOf } from "./log-weights.ts";
import type { ExpectationOptions } from "./options.ts";

/** A coefficient that a control variate was found to want. */
export interface Coefficient {
  readonly coefficient: number;
  readonly correlation: number;
  readonly pilotSamples: number;
  /** How far the pilot's mean of the control is from the one that was given. */
  readonly standardErrorsOff: number;
}

/** Values that are found before the run, by a pilot or from a table, as the method needs them. */
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
  /** What each output leaves out, which the host adds to its mean. */
  readonly origins: readonly number[];
  /** How far f32's samples may lead the functions astray. */
  readonly clamping?: Clamping | undefined;
  readonly leastWeight?: number;
  readonly role: Scheme["role"];
  readonly logWeight?: number | undefined;
  readonly warnings: readonly Warning[];
}

const PLAIN: Tallies = { higher: true, products: [], peaks: [] };

/** The program of a method: f of the event, and what the method makes of it. */
export function compose(
  question: CheckedCall,
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

/**
 * Functions of an event as an integrand, drawn independently.
 *
 * @param apart - whether what `origins` says is left out of the outputs; a run adds it, other readers want whole values
 */
export function plainIntegrand(question: CheckedCall, functions: readonly Expr[], apart: boolean): Integrand {
  const { control: _, conditional: __, ...rest } = question;
  const composed = composePlain({ ...rest, functions }, undefined, apart);
  return integrandOf(composed, question);
}

export function integrandOf(composed: Composition, { where, under }: Pick<CheckedCall, "where" | "under">): Integrand {
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
    ...(composed.origins.some((origin) => origin !== 0) ? { origins: composed.origins } : {}),
  };
}

const NO_DIRECTIONS = new Uint32Array(0);

/** f of the event, the event of its variates. */
function composePlain(question: CheckedCall, coefficient: Coefficient | undefined, apart = true): Composition {
  const { model } = question.under;
  const coordinates = coordinatesOf(model, "under.");
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
  // What the control's mean loses as an f32 is added at the end, see finish.ts.
  const rounded = control ? { "control.mean": Math.fround(control.mean) } : {};
  const rewriter = new Rewriter(coordinates, { ...parameters, ...rounded });
  const outputs = functions.map((f) =>
    apart ? rewriter.rewriteAboutOrigin(f) : { origin: 0, value: rewriter.rewrite(f) },
  );
  return {
    variates: model.variates,
    rejections: prefixedRejections(model, "under.", same),
    outputs: outputs.map(({ value }) => value),
    parameters: { ...parameters, ...rewriter.parameters },
    draws: { kind: "random" },
    tallies: PLAIN,
    unshifted: [],
    origins: outputs.map(({ origin }) => origin),
    clamping: clampingOf(functions, coordinates, parameters, question.under),
    leastWeight: leastShareOf(question.under),
    role: conditional ? "conditional" : "plain",
    warnings: [
      ...(coefficient && coefficient.standardErrorsOff > 5 ? [wrongMean(coefficient)] : []),
      ...coarse(rewriter),
    ],
  };
}

function wrongMean({ standardErrorsOff, pilotSamples }: Coefficient): Warning {
  const message = `control.mean is ${standardErrorsOff.toPrecision(2)} standard errors from what ${pilotSamples} samples of the control give: the estimate is off by as much.`;
  return { code: "mismatch", message };
}

function same(index: number): number {
  return index;
}

/** Spacings of f32 numbers, in units of the samples' spread, up to which rounding is hardly seen. */
const MOST_COARSE = 2 ** -8;

function coarse({ coarseness, coarseAt }: Rewriter): readonly Warning[] {
  if (!(coarseness > MOST_COARSE)) return [];
  const example = coarseAt === undefined ? "" : `, such as x - ${Math.round(coarseAt)}`;
  const message =
    `Around these samples 32-bit floats are ${coarseness.toPrecision(2)} of the samples' spread apart, and what is averaged is computed from such floats; ` +
    `sums, multiples, whole powers and comparisons of x are not: write it in differences from the location${example}.`;
  return [{ code: "coarse", message }];
}

/** f w and w for draws of the proposal; where the density is 0, so is f w. */
function composeWeighted(question: CheckedCall, proposal: Distribution, selfNormalised: boolean): Composition {
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
  const coordinates = coordinatesOf(proposal.model, "proposal.");
  const parameters = {
    ...question.parameters,
    ...prefixedParameters(under.model, "under."),
    ...prefixedParameters(proposal.model, "proposal."),
  };
  const rewriter = new Rewriter(coordinates, parameters);
  const log = (model: Model, prefix: string) => prefixedFormula(model.logDensity, prefix, variable);
  const difference = call("sub", log(under.model, "under."), log(proposal.model, "proposal."));
  const [logRatio, ratio] = [rewriter.rewrite(difference), rewriter.rewrite(call("exp", difference))];
  const condition = within(under.model);
  const inside = condition && rewriter.rewrite(condition);
  const weight = inside ? call("select", inside, ratio, number(0)) : ratio;
  const weighed = question.functions.map((f) => {
    const product = call("mul", rewriter.rewrite(f), ratio);
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
    parameters: { ...parameters, ...rewriter.parameters },
    draws: { kind: "random" },
    tallies: { higher: true, products: selfNormalised ? weighed.map((_, k) => [k, w] as const) : [], peaks: [w] },
    unshifted: [],
    origins: [],
    clamping: clampingOf(
      question.functions.map((f) => call("mul", f, call("exp", difference))),
      coordinates,
      parameters,
      proposal,
    ),
    leastWeight: leastShareOf(proposal),
    role: selfNormalised ? "self-normalised" : "importance",
    warnings: [...missed, ...coarse(rewriter)],
  };
  const logs = [inside ? call("select", inside, logRatio, number(LOWEST)) : logRatio];
  return { ...composed, logWeight: logWeightOf(integrandOf({ ...composed, outputs: logs }, question), question) };
}

/** Whether an event lies in a support, as a condition; nothing where the support is everything. */
function within(model: Model): Expr | undefined {
  return allOf(withinBounds(model.support, (_, bound) => (Number.isFinite(bound) ? number(bound) : undefined)));
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
    origins: plain.origins.flatMap((origin) => [origin, 0]),
  };
}

/** An expression with others in the place of its variables. */
function placed(expr: Expr, variables: readonly Expr[]): Expr {
  return prefixedFormula(expr, "", (index) => {
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
