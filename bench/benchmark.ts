import { parts, selects } from "./cases/parts.ts";
import type { Check } from "./checks/check.ts";
import { checks } from "./checks/checks.ts";
import { type Kind, kinds } from "./contestants/contestant.ts";
import { attempt } from "./harness/attempt.ts";
import { contest } from "./harness/contest.ts";
import { fieldOf } from "./harness/field.ts";
import type { Pace } from "./harness/race.ts";
import type { Heat } from "./harness/result.ts";
import type { Options } from "./options.ts";
import type { Environment, Findings } from "./report/record.ts";
import type { Scaling } from "./scaling/scaling.ts";
import { grow, scalings } from "./scaling/scalings.ts";

/** Where the benchmark says what it does, and what comes out as soon as it does. */
export interface Output {
  progress(text: string): void;
  found?(what: Finding): void;
}

/** One thing more that was measured. */
export type Finding = { readonly heat: Heat } | { readonly check: Check } | { readonly scaling: Scaling };

/** Heats of a race, each in a page of its own where there are pages, and rounds of a heat. */
const HEATS = 3;
const ROUNDS = 7;
const QUICK_ROUNDS = 5;

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
  readonly pace: Pace;
  progress(text: string): void;
  found(what: Finding): void;
}

/** The units that options select; those of the second heats follow all of the first. */
export function unitsOf({ cases, quick }: Options): readonly Unit[] {
  const comparisons = Array.from({ length: quick ? 1 : HEATS }, (_, heat) =>
    parts.flatMap((part) => {
      const ids = part.ids.filter((id) => selects(cases, id));
      return ids.length === 0 ? [] : kinds.map((kind) => comparisonUnit(part, ids, kind, heat));
    }),
  ).flat();
  const growing = scalings
    .filter(({ id }) => selects(cases, id))
    .map((one): Unit => {
      return {
        name: one.id,
        ids: [one.id],
        run: async (context) => context.found({ scaling: await grow(one, context) }),
      };
    });
  const named = Object.entries(checks)
    .filter(([id]) => cases.length > 0 && selects(cases, id))
    .map(
      ([id, check]): Unit => ({
        name: id,
        ids: [id],
        run: async ({ pace, options: { quick }, found }) => {
          const rounds = quick ? QUICK_ROUNDS : HEATS * ROUNDS;
          found({ check: await check({ pace: { ...pace, rounds }, quick }) });
        },
      }),
    );
  return [...comparisons, ...growing, ...named];
}

function comparisonUnit(part: (typeof parts)[number], ids: readonly string[], kind: Kind, heat: number): Unit {
  return {
    name: `${part.name} ${kind}${heat === 0 ? "" : `, heat ${heat + 1}`}`,
    ids,
    run: async ({ environment, options, pace, found }) => {
      const field = await fieldOf(kind, environment.adapter.software, options.who);
      const anyone = field.contestants.length > 0 || Object.keys(field.absent).length > 0;
      if (anyone) await contest(field, part, ids, { ...pace, unjudged: heat > 0 }, (one) => found({ heat: one }));
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
): Promise<Findings> {
  const findings: Finding[] = [];
  const failures: Record<string, string> = {};
  const context: Context = {
    environment,
    options,
    pace: { rounds: options.quick ? QUICK_ROUNDS : ROUNDS, signal },
    progress: output.progress,
    found: (what) => {
      findings.push(what);
      output.found?.(what);
    },
  };
  for (const [k, unit] of units.entries()) {
    output.progress(`${k + 1} of ${units.length}: ${unit.name} …`);
    const outcome = await attempt(() => unit.run(context), signal);
    if (outcome instanceof Error) failures[unit.name] = outcome.message;
  }
  return findingsOf(environment, findings, failures);
}

/** What was found in one program, sorted by what it is. */
export function findingsOf(environment: Environment, findings: readonly Finding[], failures = {}): Findings {
  return {
    environment,
    heats: findings.flatMap((one) => ("heat" in one ? [one.heat] : [])),
    checks: findings.flatMap((one) => ("check" in one ? [one.check] : [])),
    scalings: findings.flatMap((one) => ("scaling" in one ? [one.scaling] : [])),
    failures,
  };
}
