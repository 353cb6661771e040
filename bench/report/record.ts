import type { Check } from "../checks/check.ts";
import type { Comparison } from "../harness/result.ts";
import type { Scaling } from "../scaling/scaling.ts";

/** What the figures were measured on. */
export interface Environment {
  /** Browser or Node, with its version. */
  readonly program: string;
  readonly adapter: {
    readonly vendor: string;
    readonly architecture: string;
    readonly description: string;
    /** The GPU is a program on the CPU: its times say nothing of a GPU. */
    readonly software: boolean;
  };
  /** Whether the device has timestamps. */
  readonly timestamps: boolean;
  /** Logical processors. */
  readonly threads: number;
  readonly crossOriginIsolated: boolean;
}

/** What was measured in one program. */
export interface Run {
  readonly environment: Environment;
  /** Rounds of a race. */
  readonly rounds: number;
  readonly comparisons: readonly Comparison[];
  readonly checks: readonly Check[];
  readonly scalings: readonly Scaling[];
  /** Parts that failed as a whole, and how. */
  readonly failures: Readonly<Record<string, string>>;
}

/** Everything that was measured by one command. */
export interface BenchRecord {
  readonly schema: 2;
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly Run[];
}

/** Runs of the same program, part by part, as one. */
export function joined(runs: readonly Run[]): Run {
  const [first] = runs;
  if (!first) throw new Error("nothing was run");
  return {
    environment: first.environment,
    rounds: first.rounds,
    comparisons: runs.flatMap((run) => run.comparisons),
    checks: runs.flatMap((run) => run.checks),
    scalings: runs.flatMap((run) => run.scalings),
    failures: Object.assign({}, ...runs.map((run) => run.failures)),
  };
}
