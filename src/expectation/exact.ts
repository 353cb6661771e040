import { double } from "../arithmetic/double.ts";
import type { Engine } from "../engine/engine.ts";
import { InputError } from "../engine/errors.ts";
import { evaluator } from "../expression/evaluate.ts";
import { lower } from "../expression/program.ts";
import { seedHex } from "../random/seed.ts";
import type { Estimate, Scheme, Snapshot, VectorEstimate } from "./estimate.ts";
import type { ExpectationOptions } from "./options.ts";
import type { Question } from "./question.ts";

/** Σ p(x) f(x) over all values of a discrete distribution, in f64: an expectation without error. */
export function exactEstimate(
  engine: Engine,
  question: Question,
  options: ExpectationOptions,
): Estimate | VectorEstimate {
  const { where, under, functions, parameters, scalar, address } = question;
  const { atoms } = under;
  if (!atoms) {
    throw new InputError(
      `${where}: method "exact" needs a distribution of finitely many values, got ${under.name}; use another method`,
    );
  }
  for (const name of ["control", "proposal", "conditional", "resume", "until"] as const) {
    if (options[name] !== undefined)
      throw new InputError(`${where}: method "exact" has no use for ${name}; leave it out`);
  }
  const program = lower(functions, where);
  const values = program.parameters.map((name) => parameters[name] ?? Number.NaN);
  const missing = program.parameters.find((name) => parameters[name] === undefined);
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
  const base = {
    samples: 0,
    warnings: [],
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
    const { mean, variance, nonFinite } = only;
    return { ...base, mean, finiteMean: mean, variance, standardError: 0, nonFinite, interval: () => [mean, mean] };
  }
  return {
    ...base,
    mean: results.map(({ mean }) => mean),
    finiteMean: results.map(({ mean }) => mean),
    variance: results.map(({ variance }) => variance),
    standardError: results.map(() => 0),
    nonFinite: results.map(({ nonFinite }) => nonFinite),
    interval: () => results.map(({ mean }) => [mean, mean] as const),
  };
}

/** Values of probability 0 do not count, whatever f makes of them. */
function momentsOf(probabilities: readonly number[], f: ArrayLike<number>) {
  const terms = probabilities.map((p, k) => ({ p, y: f[k] as number })).filter(({ p }) => p > 0);
  const mean = terms.reduce((sum, { p, y }) => sum + p * y, 0);
  const variance = terms.reduce((sum, { p, y }) => sum + p * (y - mean) ** 2, 0);
  return { mean, variance, nonFinite: terms.filter(({ y }) => !Number.isFinite(y)).length };
}

const NOTHING_DRAWN: Snapshot = {
  version: 1,
  fingerprint: "exact",
  scheme: {} as Scheme,
  ranges: [],
  tallies: [],
  checksum: "",
};
