import { type Finding, findingsOf, type Output } from "../benchmark.ts";
import { type Environment, type Findings, joined, type Run } from "../report/record.ts";

/** What a run tells of while it goes on, and once a part of it is done. */
export type Progress = Required<Output> & { done(page: Findings, share: number): void };

/** Puts together what is measured, and tells of it whenever there is more, before a part is done too. */
export function growing(
  environment: Environment,
  tell: (change: { run?: Run; share?: number; status?: string }) => void,
): Progress {
  const done: Findings[] = [];
  let underWay: Finding[] = [];
  return {
    progress: (status) => tell({ status }),
    found: (what) => {
      underWay.push(what);
      tell({ run: joined([...done, findingsOf(environment, underWay)]) });
    },
    done: (page, share) => {
      done.push(page);
      underWay = [];
      tell({ run: joined(done), share });
    },
  };
}
