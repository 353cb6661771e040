import { InputError } from "../../core/errors.ts";
import type { Engine } from "../../engine/engine.ts";
import { call, number, parameter } from "../../expression/expr.ts";
import type { Integrand } from "../../sampling/integrand.ts";
import type { CheckedCall } from "../checked-call.ts";
import type { Scheme, Warning } from "../estimate.ts";
import { formulasOf, type IntegrandFormulas, integrandOf } from "../integrand.ts";
import { Sums } from "../sums.ts";

/** Draws of a pilot run. */
export const PILOT = 16_384;
/** The stream of pilots, beyond those that callers may use; one for all streams, whose coefficients so agree. */
export const PILOT_STREAM = 2 ** 31;

/** The coefficient that a control variate was found to want. */
export interface Coefficient {
  readonly coefficient: number;
  readonly correlation: number;
  readonly pilotSamples: number;
  /** How far the pilot's mean of the control is from the one that was given. */
  readonly standardErrorsOff: number;
}

/** What a call is checked with before its coefficient is known. */
export const NO_COEFFICIENT: Coefficient = { coefficient: 0, correlation: 0, pilotSamples: 0, standardErrorsOff: 0 };

/** f - b (c - E c) of the event, for a control variate c and the coefficient b that was found for it. */
export function controlled(checked: CheckedCall, found: Coefficient): IntegrandFormulas {
  const { control, functions, parameters } = checked;
  if (!control) throw new RangeError("a coefficient without a control variate");
  if (functions.length !== 1) {
    throw new InputError(`${checked.where}: control needs one function, got ${functions.length}`);
  }
  // b is a parameter, so every run of a formula shares one shader.
  const centred = call("sub", control.of, parameter("control.mean"));
  const plain = formulasOf(checked, {
    functions: functions.map((f) => call("sub", f, call("mul", parameter("control.coefficient"), centred))),
    parameters: { ...parameters, "control.coefficient": found.coefficient, "control.mean": control.mean },
    // What the mean loses as an f32 is added at the end, see `roundingOfControl`.
    rounded: { "control.mean": Math.fround(control.mean) },
  });
  return found.standardErrorsOff > 5 ? { ...plain, warnings: [wrongMean(found), ...plain.warnings] } : plain;
}

function wrongMean({ standardErrorsOff, pilotSamples }: Coefficient): Warning {
  const message = `control.mean is ${standardErrorsOff.toPrecision(2)} standard errors from what ${pilotSamples} samples of the control give: the estimate is off by as much.`;
  return { code: "mismatch", message };
}

/** What a control variate's known mean lost by being an f32 in the shader, times the coefficient. */
export function roundingOfControl({ control }: Scheme): number {
  return control ? control.coefficient * (control.mean - Math.fround(control.mean)) : 0;
}

/**
 * The coefficient of a control variate, Cov(f, c) / Var(c), from draws of their own: it is then independent of the samples
 * that it is used on, and the estimate stays unbiased.
 */
export async function pilot(engine: Engine, checked: CheckedCall): Promise<Coefficient> {
  const { functions, parameters, address, where, signal, control } = checked;
  const { of, mean } = control ?? { of: number(0), mean: 0 };
  const base = integrandOf(formulasOf(checked, { functions: [...functions.slice(0, 1), of], parameters }), checked);
  const integrand: Integrand = { ...base, tallies: { higher: false, products: [[0, 1]], peaks: [] } };
  const stream = { ...address, stream: PILOT_STREAM };
  const sums = new Sums({ where, integrand, address: stream, replicates: 1, offset: 0, draws: PILOT });
  await sums.all(engine, signal);
  const [tally] = sums.tallies;
  if (!tally) throw new RangeError("a pilot without a tally");
  const spread = tally.variance(1);
  const covariance = tally.covariance(0);
  // A control that does not vary, or is not finite, is no help and no harm.
  const coefficient = spread > 0 && Number.isFinite(covariance / spread) ? Math.fround(covariance / spread) : 0;
  const correlation = coefficient === 0 ? 0 : covariance / Math.sqrt(spread * tally.variance(0));
  const off = Math.abs(tally.mean(1) - mean) / Math.sqrt(spread / PILOT);
  return { coefficient, correlation, pilotSamples: PILOT, standardErrorsOff: off };
}
