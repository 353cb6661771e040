import type { Output } from "../benchmark.ts";
import { type Environment, joined, type Run } from "../report/record.ts";

/** What a run tells of while it goes on, and once a part of it is done. */
export type Progress = Output & { done(run: Run, share: number): void };

/** Puts together what is measured, and tells of it whenever there is more, before a part is done too. */
export function growing(
  environment: Environment,
  tell: (change: { run?: Run; share?: number; status?: string }) => void,
): Progress {
  const done: Run[] = [];
  let underWay: Run[] = [];
  const show = (found: Partial<Run>) => {
    underWay.push({ environment, rounds: 0, comparisons: [], checks: [], scalings: [], failures: {}, ...found });
    tell({ run: joined([...done, ...underWay]) });
  };
  return {
    progress: (status) => tell({ status }),
    comparison: (one) => show({ comparisons: [one] }),
    check: (one) => show({ checks: [one] }),
    scaling: (one) => show({ scalings: [one] }),
    done: (run, share) => {
      done.push(run);
      underWay = [];
      tell({ run: joined(done), share });
    },
  };
}
