import { InputError } from "../core/errors.ts";
import { coordinatesOf } from "../distributions/coordinates.ts";
import type { Rejection } from "../distributions/distribution.ts";
import { leastShareOf, prefixedParameters, prefixedRejections } from "../distributions/parts.ts";
import { Rewriter } from "../distributions/rewriting/rewriter.ts";
import { tooLong } from "../distributions/too-long.ts";
import type { Expr } from "../expression/expr.ts";
import { lowerUnchecked } from "../expression/program.ts";
import type { Draws, Integrand, Tallies, Variate } from "../sampling/integrand.ts";
import type { CheckedCall } from "./checked-call.ts";
import { clampingOf } from "./clamping.ts";
import type { Clamping, Warning } from "./estimate.ts";

/** An integrand before it is a program: formulas of the variates, and what is known of them before the first sample. */
export interface IntegrandFormulas {
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
  /** The least share of the samples that a component of a mixture has. */
  readonly leastWeight?: number;
  /** The largest log-weight among a proposal's first samples, where its exponential is 0 in f32. */
  readonly logWeight?: number | undefined;
  readonly warnings: readonly Warning[];
}

/** What a method sums, unless it wants more: two more powers, by which heavy tails are seen. */
export const PLAIN_TALLIES: Tallies = { higher: true, products: [], peaks: [] };

/** Which functions of the event, and by what parameters besides the distribution's. */
export interface Functions {
  readonly functions: readonly Expr[];
  readonly parameters: Readonly<Record<string, number>>;
  /** Parameters that the shader has as other f32 numbers than these. */
  readonly rounded?: Readonly<Record<string, number>>;
  /** Whether what `origins` says is left out of the outputs, which a run adds; other readers want whole values. True by default. */
  readonly apart?: boolean;
}

/** Functions of the event, the event of its variates, drawn independently. */
export function formulasOf(
  { under }: CheckedCall,
  { functions, parameters, rounded = {}, apart = true }: Functions,
): IntegrandFormulas {
  const { model } = under;
  const coordinates = coordinatesOf(model, "under.");
  const given = { ...parameters, ...prefixedParameters(model, "under.") };
  const rewriter = new Rewriter(coordinates, { ...given, ...rounded });
  const outputs = functions.map((f) =>
    apart ? rewriter.rewriteAboutOrigin(f) : { origin: 0, value: rewriter.rewrite(f) },
  );
  return {
    variates: model.variates,
    rejections: prefixedRejections(model, "under.", (index) => index),
    outputs: outputs.map(({ value }) => value),
    parameters: { ...given, ...rewriter.parameters },
    draws: { kind: "random" },
    tallies: PLAIN_TALLIES,
    unshifted: [],
    origins: outputs.map(({ origin }) => origin),
    clamping: clampingOf(functions, coordinates, given, under),
    leastWeight: leastShareOf(under),
    warnings: warningsOfCoarseness(rewriter),
  };
}

/**
 * Formulas as a program.
 *
 * @throws InputError for formulas that are too long for a shader, and for a parameter without a value that f32 holds
 */
export function integrandOf(
  formulas: IntegrandFormulas,
  { where, under }: Pick<CheckedCall, "where" | "under">,
): Integrand {
  const { outputs, rejections, origins } = formulas;
  const conditions = rejections.map(({ accept }) => accept);
  const program = lowerUnchecked([...outputs, ...conditions], where, undefined, tooLong(under));
  return {
    variates: formulas.variates,
    rejections: rejections.map(({ variates }) => variates),
    program,
    parameters: program.parameters.map((name) => numberOf(name, formulas.parameters, where)),
    draws: formulas.draws,
    tallies: formulas.tallies,
    unshifted: formulas.unshifted,
    ...(origins.some((origin) => origin !== 0) ? { origins } : {}),
  };
}

/** Functions of a call's event as a program whose outputs are whole values, for readers other than a run. */
export function wholeIntegrand(call: CheckedCall, functions: readonly Expr[]): Integrand {
  return integrandOf(formulasOf(call, { functions, parameters: call.parameters, apart: false }), call);
}

function numberOf(name: string, values: Readonly<Record<string, number>>, where: string): number {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new InputError(`${where}: parameter '${name}' has no value; give it in parameters`);
  if (!Number.isFinite(Math.fround(value))) {
    throw new InputError(`${where}: parameter '${name}' must be finite as a 32-bit float, got ${value}`);
  }
  return value;
}

/** Spacings of f32 numbers, in units of the samples' spread, up to which rounding is hardly seen. */
const MOST_COARSE = 2 ** -8;

/** Whether f32 numbers around the samples are too far apart for what was placed there. */
export function warningsOfCoarseness({ coarseness, coarseAt }: Rewriter): readonly Warning[] {
  if (!(coarseness > MOST_COARSE)) return [];
  const example = coarseAt === undefined ? "" : `, such as x - ${Math.round(coarseAt)}`;
  const message =
    `Around these samples 32-bit floats are ${coarseness.toPrecision(2)} of the samples' spread apart, and what is averaged is computed from such floats; ` +
    `sums, multiples, whole powers and comparisons of x are not: write it in differences from the location${example}.`;
  return [{ code: "coarse", message }];
}
