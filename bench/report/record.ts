import type { Check } from "../checks/check.ts";
import { comparisonsOf } from "../harness/comparison.ts";
import type { Comparison, Heat } from "../harness/result.ts";
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

/** What a page found. */
export interface Findings {
  readonly environment: Environment;
  readonly heats: readonly Heat[];
  readonly checks: readonly Check[];
  readonly scalings: readonly Scaling[];
  /** Parts that failed as a whole, and how. */
  readonly failures: Readonly<Record<string, string>>;
}

/** What was measured in one program: the heats of its pages as comparisons. */
export interface Run extends Omit<Findings, "heats"> {
  readonly comparisons: readonly Comparison[];
}

/** Everything that was measured by one command. */
export interface BenchRecord {
  readonly schema: 4;
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly Run[];
}

/** What the pages of one program found, as one run. */
export function joined(pages: readonly Findings[]): Run {
  const [first] = pages;
  if (!first) throw new Error("nothing was run");
  return {
    environment: first.environment,
    comparisons: comparisonsOf(pages.flatMap((page) => page.heats)),
    checks: pages.flatMap((page) => page.checks),
    scalings: pages.flatMap((page) => page.scalings),
    failures: Object.assign({}, ...pages.map((page) => page.failures)),
  };
}
