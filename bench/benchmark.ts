import { parts, selects } from "./cases/parts.ts";
import type { Check } from "./checks/check.ts";
import { checks } from "./checks/checks.ts";
import { type Kind, kinds } from "./contestants/contestant.ts";
import { attempt } from "./harness/attempt.ts";
import { contest } from "./harness/contest.ts";
import { fieldOf } from "./harness/field.ts";
import type { Pace } from "./harness/race.ts";
import type { Comparison } from "./harness/result.ts";
import type { Options } from "./options.ts";
import type { Environment, Run } from "./report/record.ts";
import type { Scaling } from "./scaling/scaling.ts";
import { grow, scalings } from "./scaling/scalings.ts";

/** Where the benchmark says what it does and what came out. */
export interface Output {
  progress(text: string): void;
  comparison(comparison: Comparison): void;
  check(check: Check): void;
  scaling(scaling: Scaling): void;
}

/** A piece of the benchmark that a page can do before it is loaded afresh, since libraries keep their buffers. */
export interface Unit {
  readonly name: string;
  /** The ids of what it does. */
  readonly ids: readonly string[];
  run(context: Context): Promise<void>;
}

export interface Context {
  readonly environment: Environment;
  readonly options: Options;
  readonly output: Output;
  readonly pace: Pace;
}

/** The units that options select. */
export function unitsOf({ cases }: Options): readonly Unit[] {
  const comparisons = parts.flatMap((part) => {
    const ids = part.ids.filter((id) => selects(cases, id));
    return ids.length === 0 ? [] : kinds.map((kind): Unit => comparisonUnit(part, ids, kind));
  });
  const growing = scalings
    .filter(({ id }) => selects(cases, id))
    .map((one): Unit => {
      return { name: one.id, ids: [one.id], run: async (context) => context.output.scaling(await grow(one, context)) };
    });
  const named = Object.entries(checks)
    .filter(([id]) => cases.length > 0 && selects(cases, id))
    .map(
      ([id, check]): Unit => ({
        name: id,
        ids: [id],
        run: async (context) => context.output.check(await check({ pace: context.pace, quick: context.options.quick })),
      }),
    );
  return [...comparisons, ...growing, ...named];
}

function comparisonUnit(part: (typeof parts)[number], ids: readonly string[], kind: Kind): Unit {
  return {
    name: `${part.name} ${kind}`,
    ids,
    run: async ({ environment, options, output, pace }) => {
      const field = await fieldOf(kind, environment.adapter.software, options.who);
      const anyone = field.contestants.length > 0 || Object.keys(field.absent).length > 0;
      if (anyone) await contest(field, part, ids, pace, output.comparison);
    },
  };
}

/** Runs units one after another; one that fails as a whole is told of, and the next goes on. */
export async function runUnits(
  units: readonly Unit[],
  environment: Environment,
  options: Options,
  output: Output,
  signal?: AbortSignal,
): Promise<Run> {
  const comparisons: Comparison[] = [];
  const found: Check[] = [];
  const grown: Scaling[] = [];
  const failures: Record<string, string> = {};
  const pace = { rounds: options.quick ? 5 : 21, signal };
  const recording: Output = {
    progress: output.progress,
    comparison: (one) => output.comparison(kept(comparisons, one)),
    check: (one) => output.check(kept(found, one)),
    scaling: (one) => output.scaling(kept(grown, one)),
  };
  for (const [k, unit] of units.entries()) {
    output.progress(`${k + 1} of ${units.length}: ${unit.name} …`);
    const outcome = await attempt(() => unit.run({ environment, options, output: recording, pace }), signal);
    if (outcome instanceof Error) failures[unit.name] = outcome.message;
  }
  return { environment, rounds: pace.rounds, comparisons, checks: found, scalings: grown, failures };
}

function kept<T>(list: T[], one: T): T {
  list.push(one);
  return one;
}
