import type { Answer, Problem } from "../cases/problem.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { SPAN_MILLISECONDS, span } from "../harness/race.ts";
import { medianOf, rounded } from "../harness/statistics.ts";
import type { Point } from "./scaling.ts";

/** Spans whose median is taken. */
const SPANS = 5;

/** A call that takes longer is timed once; one that is foreseen to take longer is not even made warm. */
const LONG_MILLISECONDS = 2_000;

/** An error that no rounding explains: the work was not done. Peers fail so, in silence, beyond a device's limits. */
const MOST_ERROR = 0.1;

/** A problem of one size, and how far an answer to it is from the truth. */
export interface Sized {
  readonly problem: Problem;
  judge(answer: Answer): number;
}

/** Time of one task of a contestant at one size; throws where there is none, or where its answer is none. */
export async function measure(
  contestant: Contestant,
  { problem, judge }: Sized,
  task: string,
  n: number,
  foreseen: number,
): Promise<Point> {
  const loaded = await contestant.load(problem);
  if (!loaded) throw new Error("has no such function");
  const memory = watchMemory(contestant);
  try {
    const [first] = await loaded.tasks(task);
    if (!first) throw new Error("has no such function");
    const call = async (calls: number) => (await span(contestant.device, first, calls)).wall / calls;
    if (foreseen < LONG_MILLISECONDS) await call(1);
    const warm = await call(1);
    const calls = Math.max(1, Math.ceil(SPAN_MILLISECONDS / Math.max(0.02, warm)));
    const times = [warm];
    if (warm < LONG_MILLISECONDS) {
      await call(calls);
      times.length = 0;
      for (let k = 0; k < SPANS; k++) times.push(await call(calls));
    }
    const bytes = memory.most();
    const error = judge(await first.answer());
    first.dispose();
    if (!(error <= MOST_ERROR)) throw new Error(`its answer is wrong by ${error.toPrecision(2)}`);
    return { n, milliseconds: rounded(medianOf(times)), ...(bytes === undefined ? {} : { bytes }) };
  } finally {
    memory.stop();
    loaded.dispose();
  }
}

/** The most bytes that a contestant holds, as far as looks in between show. */
function watchMemory({ memory }: Contestant): { most(): number | undefined; stop(): void } {
  let most = memory?.();
  const look = () => {
    if (memory) most = Math.max(most ?? 0, memory());
  };
  const timer = setInterval(look, 5);
  return {
    most: () => {
      look();
      return most;
    },
    stop: () => clearInterval(timer),
  };
}
