import { InputError } from "../core/errors.ts";
import { checkWhole, MOST_SAMPLES } from "../core/options.ts";
import { type Expr, isIndicator } from "../expression/expr.ts";
import { lowerUnchecked, signature } from "../expression/program.ts";
import { seedHex } from "../random/seed.ts";
import type { CheckedCall } from "./checked-call.ts";
import { type Coefficient, type Composition, compose, integrandOf, type Supplies } from "./compose.ts";
import type { Method, Scheme } from "./estimate.ts";
import { fingerprint } from "./fingerprint.ts";
import type { ExpectationOptions } from "./options.ts";
import { roundingOf } from "./rounding.ts";
import type { RunSettings } from "./run.ts";

/** A call made ready: what to sum, and how the sums become estimates. */
export interface PreparedRun {
  readonly job: RunSettings;
  /** Without shifts: those come from the job. */
  readonly scheme: Omit<Scheme, "shifts">;
  /** Evaluations of f in one draw. */
  readonly samplesPerDraw: number;
  /** Evaluations in all, over all replicates. */
  readonly samples: number;
  readonly fingerprint: string;
}

/** Turns a question into a problem; what its method wants must be there by now. */
export function preparedRun(question: CheckedCall, options: ExpectationOptions, supplies: Supplies = {}): PreparedRun {
  const { coefficient } = supplies;
  const { where, method } = question;
  const samples = checkWhole(options.samples, 1, MOST_SAMPLES, where, "samples");
  const randomisations =
    method === "sobol" ? checkWhole(options.randomisations ?? 16, 2, 4096, where, "randomisations") : 1;
  const perDraw = method === "antithetic" || method === "stratified" ? 2 : (question.group ?? 1);
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
  const integrand = integrandOf(composed, question);
  const { program } = integrand;
  checkStreams(question.address.stream, randomisations, where);
  const job: RunSettings = {
    where,
    integrand,
    address: question.address,
    replicates: randomisations,
    offset: offset / perDraw,
    draws,
  };
  const { origins } = integrand;
  const rounding = roundingOf(integrand, question.address, draws);
  const scheme = {
    ...schemeOf(question, composed, coefficient),
    ...(origins ? { origins } : {}),
    ...(rounding ? { rounding } : {}),
  };
  const fixed = method === "stratified" || method === "sobol" ? samples : 0;
  const identity = [
    1,
    signature(program),
    integrand.parameters,
    composed.variates,
    composed.tallies,
    composed.draws.kind,
    // Of logarithms another machine may have another last digit.
    ...(origins ? [origins.map((origin) => origin.toPrecision(12))] : []),
    ...(composed.rejections.length > 0 ? [composed.rejections.map(({ variates }) => variates)] : []),
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
    throw new InputError(
      `${where}: ${method} samples come in groups of ${perDraw}; offset must be a multiple of that, got ${offset}`,
    );
  if (method !== "stratified" && method !== "sobol") return;
  if (offset !== 0) throw new InputError(`${where}: ${method} fixes its points from the start; leave offset out`);
  if (options.until) throw new InputError(`${where}: ${method} fixes its samples from the start; leave until out`);
}

function controlOf({ coefficient, correlation, pilotSamples }: Coefficient, mean: number): Scheme["control"] {
  return { coefficient, correlation, pilotSamples, mean };
}

/** Whether a function is the same number for every sample, by its form. */
function isConstant(f: Expr): boolean {
  return lowerUnchecked([f]).variables === 0;
}

function schemeOf(
  question: CheckedCall,
  composed: Composition,
  coefficient: Coefficient | undefined,
): Omit<Scheme, "shifts"> {
  const plain = question.method === "independent" && composed.role === "plain" && !question.control;
  return {
    method: question.method,
    scalar: question.scalar,
    functions: question.functions.length,
    outputs: composed.outputs.length,
    tallies: composed.tallies,
    indicators: question.functions.map((f) => plain && isIndicator(f)),
    constants: question.functions.map(isConstant),
    ...(composed.draws.kind === "stratified" ? { strata: composed.draws.strata } : {}),
    ...(question.group !== undefined && question.group > 1 ? { group: question.group } : {}),
    role: composed.role,
    ...(composed.clamping ? { clamping: composed.clamping } : {}),
    ...((composed.leastWeight ?? 1) === 1 ? {} : { leastWeight: composed.leastWeight }),
    generator: question.address.generator,
    seed: seedHex(question.address.seed),
    stream: question.address.stream,
    ...(coefficient && question.control ? { control: controlOf(coefficient, question.control.mean) } : {}),
    ...(composed.logWeight === undefined ? {} : { logWeight: composed.logWeight }),
    warnings: [...(question.warnings ?? []), ...composed.warnings],
  };
}
