import { checkNamesOf } from "../core/options.ts";
import type { Distribution } from "../distributions/distribution.ts";
import type { Engine } from "../engine/engine.ts";
import { checkEngine } from "../engine/engine.ts";
import type { Expr } from "../expression/expr.ts";
import { type CheckedCall, checkedOptions } from "./checked-call.ts";
import type { Estimate, VectorEstimate, Warning } from "./estimate.ts";
import { lastEstimate } from "./expectation.ts";
import type { ExpectationOptions } from "./options.ts";

/** How samples are drawn, for functions that build their own formulas: options of `expectation`, with the same meaning. */
export interface SamplingOptions
  extends Pick<
    ExpectationOptions,
    "samples" | "seed" | "stream" | "offset" | "method" | "generator" | "signal" | "until" | "resume" | "randomisations"
  > {}

/** Their names, for callers that check a wider set of options. */
export const SAMPLING_NAMES = [
  "samples",
  "seed",
  "stream",
  "offset",
  "method",
  "generator",
  "signal",
  "until",
  "resume",
  "randomisations",
] as const;

/** Functions that the library wrote itself, and where their events come from. */
export interface Expressions {
  /** The public function that messages name. */
  readonly where: string;
  readonly under: Distribution;
  /** Of the event's coordinates and of named parameters. */
  readonly of: readonly Expr[];
  /** Values of the parameters; other values need no new shader. Names that start with "under." belong to the distribution. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** How to draw. */
  readonly options: SamplingOptions;
  /** What is known of the functions before the first sample; it leads the estimate's own warnings. */
  readonly warnings?: readonly Warning[];
  /** Called with the estimate so far after every batch, and once more when the run is aborted. */
  readonly onProgress?: ((estimate: VectorEstimate) => void) | undefined;
}

/** As `Expressions`, of one function. */
export interface SingleExpression extends Omit<Expressions, "of" | "onProgress"> {
  readonly of: Expr;
  readonly onProgress?: ((estimate: Estimate) => void) | undefined;
}

/**
 * E[f(X)] of expressions, all on the same samples, as `expectation` of formulas: a list of means, variances and so on.
 *
 * @throws InputError for sampling options that do not fit, and all that `expectation` throws
 */
export async function estimateExpressions(engine: Engine, { of, ...asked }: Expressions): Promise<VectorEstimate> {
  return estimateOf<VectorEstimate>(engine, asked, { functions: of, scalar: false });
}

/** The same of one expression. */
export async function estimateExpression(engine: Engine, { of, ...asked }: SingleExpression): Promise<Estimate> {
  return estimateOf<Estimate>(engine, asked, { functions: [of], scalar: true });
}

async function estimateOf<E>(
  engine: Engine,
  asked: Omit<Expressions, "of" | "onProgress"> & { readonly onProgress?: ((estimate: E) => void) | undefined },
  functions: Pick<CheckedCall, "functions" | "scalar">,
): Promise<E> {
  const { where, under, parameters = {}, options, warnings = [], onProgress } = asked;
  checkEngine(engine, where);
  checkNamesOf(options, SAMPLING_NAMES, where);
  const call: CheckedCall = { ...checkedOptions({ ...options, under, parameters }, where), ...functions, warnings };
  const told = onProgress as ((estimate: Estimate | VectorEstimate) => void) | undefined;
  return (await lastEstimate(engine, call, told)) as E;
}
