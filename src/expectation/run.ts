import { InputError } from "../core/errors.ts";
import type { Engine } from "../engine/engine.ts";
import { type Expr, isIndicator } from "../expression/expr.ts";
import { lowerUnchecked, signature } from "../expression/program.ts";
import { seedHex } from "../random/seed.ts";
import type { Integrand } from "../sampling/integrand.ts";
import type { CheckedCall } from "./checked-call.ts";
import type { Scheme } from "./estimate.ts";
import { fingerprint } from "./fingerprint.ts";
import { type IntegrandFormulas, integrandOf } from "./integrand.ts";
import { type Coefficient, NO_COEFFICIENT, pilot } from "./methods/control.ts";
import { methodOf } from "./methods/index.ts";
import type { SamplingMethod, Supplies } from "./methods/method.ts";
import { roundingOf } from "./rounding.ts";
import type { DrawRange } from "./sums.ts";

/** What a call draws, and how the sums of that become its estimate. */
export interface Run extends DrawRange {
  readonly call: CheckedCall;
  /** Without shifts: those come with the sums. */
  readonly scheme: Omit<Scheme, "shifts">;
  /** Evaluations of f in one draw. */
  readonly samplesPerDraw: number;
  /** Evaluations in all, over all replicates. */
  readonly samples: number;
  /** Of formula, distribution, parameters, method, seed, stream and generator. */
  readonly fingerprint: string;
}

/**
 * The run of a call before anything is drawn, by which all is refused that can be known to be wrong.
 *
 * @throws InputError for a method that does not fit the distribution, the samples or the other options
 */
export async function runOf(call: CheckedCall): Promise<Run> {
  const method = methodOf(call);
  checkGroups(call, method);
  return composed(call, method, call.control && NO_COEFFICIENT, await method.directions?.(call));
}

/** The run with the coefficient that a pilot finds for its control variate; a run without one as it is. */
export async function piloted(engine: Engine, run: Run): Promise<Run> {
  return run.call.control ? withCoefficient(run, await pilot(engine, run.call)) : run;
}

/** The run of a call with a control variate, whose coefficient is known. */
export function withCoefficient({ call, integrand }: Run, coefficient: Coefficient): Run {
  const { draws } = integrand;
  return composed(call, methodOf(call), coefficient, draws.kind === "sobol" ? draws.directions : undefined);
}

function composed(
  call: CheckedCall,
  method: SamplingMethod,
  coefficient: Supplies["coefficient"],
  directions: Supplies["directions"],
): Run {
  const { where, address, samples, offset = 0 } = call;
  const replicates = method.randomisations?.(call) ?? 1;
  const samplesPerDraw = method.samplesPerDraw * (call.group ?? 1);
  const draws = samples / (samplesPerDraw * replicates);
  const formulas = method.formulas(call, draws, { coefficient, directions });
  const integrand = integrandOf(formulas, call);
  const rounding = roundingOf(integrand, address, draws);
  const scheme = {
    ...schemeOf(call, method, formulas, coefficient),
    ...(integrand.origins ? { origins: integrand.origins } : {}),
    ...(rounding ? { rounding } : {}),
  };
  return {
    call,
    where,
    integrand,
    address,
    replicates,
    offset: offset / samplesPerDraw,
    draws,
    scheme,
    samplesPerDraw,
    samples,
    fingerprint: identityOf(call, replicates, method, formulas, integrand),
  };
}

/** Throws InputError for samples that are not whole draws of all replicates, and for a part of what is taken whole. */
function checkGroups(call: CheckedCall, { fixed, samplesPerDraw, randomisations }: SamplingMethod): void {
  const { where, method, samples, offset = 0 } = call;
  const perDraw = samplesPerDraw * (call.group ?? 1);
  const replicates = randomisations?.(call) ?? 1;
  const group = perDraw * replicates;
  if (samples % group !== 0) {
    const near = [Math.floor(samples / group) * group, Math.ceil(samples / group) * group].filter((n) => n > 0);
    throw new InputError(
      `${where}: ${method} draws come in groups of ${group}, so samples must be a multiple of that, got ${samples}; take ${near.join(" or ")}`,
    );
  }
  if (offset % perDraw !== 0)
    throw new InputError(
      `${where}: ${method} samples come in groups of ${perDraw}; offset must be a multiple of that, got ${offset}`,
    );
  checkStreams(call.address.stream, replicates, where);
  if (!fixed) return;
  if (offset !== 0) throw new InputError(`${where}: ${method} fixes its points from the start; leave offset out`);
  if (call.until) throw new InputError(`${where}: ${method} fixes its samples from the start; leave until out`);
}

/** Streams that callers may use end at 2^31. */
export function checkStreams(first: number, count: number, where: string): void {
  if (first + count <= 2 ** 31) return;
  throw new InputError(
    `${where}: streams ${first} to ${first + count - 1} are needed, and the last there is is 2147483647`,
  );
}

function identityOf(
  { address, method: name, samples }: CheckedCall,
  replicates: number,
  method: SamplingMethod,
  { variates, tallies, draws, rejections }: IntegrandFormulas,
  { program, parameters, origins }: Integrand,
): string {
  const sums = [
    1,
    signature(program),
    parameters,
    variates,
    tallies,
    draws.kind,
    // Of logarithms another machine may have another last digit.
    ...(origins ? [origins.map((origin) => origin.toPrecision(12))] : []),
    ...(rejections.length > 0 ? [rejections.map(({ variates }) => variates)] : []),
  ];
  return fingerprint(JSON.stringify([sums, [address, name, replicates, method.fixed ? samples : 0, method.role]]));
}

/** Whether a function is the same number for every sample, by its form. */
function isConstant(f: Expr): boolean {
  return lowerUnchecked([f]).variables === 0;
}

function schemeOf(
  call: CheckedCall,
  method: SamplingMethod,
  formulas: IntegrandFormulas,
  found: Coefficient | undefined,
): Omit<Scheme, "shifts"> {
  const { functions, control, address } = call;
  const { draws, clamping, leastWeight = 1, logWeight } = formulas;
  const asIndicators = method.ofIndicators === true && !control;
  return {
    method: call.method,
    scalar: call.scalar,
    functions: functions.length,
    outputs: formulas.outputs.length,
    tallies: formulas.tallies,
    indicators: functions.map((f) => asIndicators && isIndicator(f)),
    constants: functions.map(isConstant),
    ...(draws.kind === "stratified" ? { strata: draws.strata } : {}),
    ...(call.group !== undefined && call.group > 1 ? { group: call.group } : {}),
    role: method.role,
    ...(clamping ? { clamping } : {}),
    ...(leastWeight === 1 ? {} : { leastWeight }),
    generator: address.generator,
    seed: seedHex(address.seed),
    stream: address.stream,
    ...(found && control ? { control: controlOf(found, control.mean) } : {}),
    ...(logWeight === undefined ? {} : { logWeight }),
    warnings: [...(call.warnings ?? []), ...formulas.warnings],
  };
}

function controlOf({ coefficient, correlation, pilotSamples }: Coefficient, mean: number): Scheme["control"] {
  return { coefficient, correlation, pilotSamples, mean };
}
