import { double } from "../../arithmetic/double.ts";
import { InputError } from "../../core/errors.ts";
import { prefixedParameters } from "../../distributions/parts.ts";
import type { Engine } from "../../engine/engine.ts";
import { evaluator } from "../../expression/evaluate.ts";
import { lower } from "../../expression/program.ts";
import { seedHex } from "../../random/seed.ts";
import type { CheckedCall } from "../checked-call.ts";
import type { Estimate, Interval, Scheme, Snapshot, VectorEstimate, Warning } from "../estimate.ts";
import { checkLevel } from "../estimate-of.ts";
import { EXACT } from "../snapshot.ts";

/** Σ p(x) f(x) over all values of a discrete distribution, in f64: an expectation without error. */
export function exactEstimate(engine: Engine, call: CheckedCall): Estimate | VectorEstimate {
  const { where, under, functions, parameters, scalar, address } = call;
  const { atoms } = under;
  if (!atoms) {
    throw new InputError(
      `${where}: method "exact" needs a distribution of finitely many values, got ${under.name}; use another method`,
    );
  }
  for (const name of EXACT_HAS_NO_USE_FOR) {
    if (call[name] !== undefined) throw new InputError(`${where}: method "exact" has no use for ${name}; leave it out`);
  }
  const program = lower(functions, where);
  const given: Readonly<Record<string, number>> = { ...parameters, ...prefixedParameters(under.model, "under.") };
  const values = program.parameters.map((name) => given[name] ?? Number.NaN);
  const missing = program.parameters.find((name) => given[name] === undefined);
  if (missing !== undefined)
    throw new InputError(`${where}: parameter '${missing}' has no value; give it in parameters`);
  const coordinates = Array.from({ length: under.shape[0] ?? 1 }, (_, c) =>
    Float64Array.from(atoms, ({ value }) => (typeof value === "number" ? value : (value[c] as number))),
  );
  const outputs = evaluator(program, double)(coordinates, values, atoms.length);
  const results = outputs.map((f) =>
    momentsOf(
      atoms.map(({ probability }) => probability),
      f,
    ),
  );
  const bad = results.reduce((sum, { nonFinite }) => sum + nonFinite, 0);
  const message = `f is NaN or infinite at ${bad} of the ${atoms.length} values; finiteMean is over the others.`;
  const seen: Warning[] = bad > 0 ? [{ code: "non-finite", message }] : [];
  const warnings = [...(call.warnings ?? []), ...seen];
  const base = {
    samples: 0,
    warnings,
    seconds: 0,
    method: "exact",
    generator: address.generator,
    seed: seedHex(address.seed),
    stream: address.stream,
    backend: engine.backend,
    snapshot: NOTHING_DRAWN,
    effectiveSampleSize: Number.POSITIVE_INFINITY,
  } as const;
  const [only] = results;
  if (scalar && only) {
    return { ...base, ...only, standardError: 0, interval: (level) => pointAt(only.mean, level) };
  }
  return {
    ...base,
    mean: results.map(({ mean }) => mean),
    finiteMean: results.map(({ finiteMean }) => finiteMean),
    variance: results.map(({ variance }) => variance),
    standardError: results.map(() => 0),
    nonFinite: results.map(({ nonFinite }) => nonFinite),
    interval: (level) => results.map(({ mean }) => pointAt(mean, level)),
  };
}

/** Values of probability 0 do not count, whatever f makes of them. */
function momentsOf(probabilities: readonly number[], f: ArrayLike<number>) {
  const terms = probabilities.map((p, k) => ({ p, y: f[k] as number })).filter(({ p }) => p > 0);
  const finite = terms.filter(({ y }) => Number.isFinite(y));
  const mass = finite.reduce((sum, { p }) => sum + p, 0);
  const nonFinite = terms.length - finite.length;
  const finiteMean = finite.reduce((sum, { p, y }) => sum + p * y, 0) / (nonFinite > 0 ? mass : 1);
  const variance = terms.reduce((sum, { p, y }) => sum + p * (y - finiteMean) ** 2, 0);
  return { mean: nonFinite > 0 ? Number.NaN : finiteMean, finiteMean, variance, nonFinite };
}

function pointAt(mean: number, level: number): Interval {
  checkLevel(level);
  return [mean, mean];
}

const EXACT_HAS_NO_USE_FOR = [
  "control",
  "proposal",
  "selfNormalised",
  "conditional",
  "randomisations",
  "offset",
  "resume",
  "until",
] as const;

const NOTHING_DRAWN: Snapshot = {
  version: 1,
  fingerprint: EXACT,
  scheme: {} as Scheme,
  ranges: [],
  tallies: [],
  checksum: "",
};
