import type { Problem } from "../cases/problem.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { SPAN_MILLISECONDS, span } from "../harness/race.ts";
import { medianOf, rounded } from "../harness/statistics.ts";
import type { Point } from "./scaling.ts";

/** Spans whose median is taken. */
const SPANS = 5;

/** A call that takes longer is timed once; one that is foreseen to take longer is not even made warm. */
const LONG_MILLISECONDS = 2_000;

/** Time of one task of a contestant at one size; undefined where it has none. */
export async function measure(
  contestant: Contestant,
  problem: Problem,
  task: string,
  n: number,
  foreseen: number,
): Promise<Point | undefined> {
  const loaded = await contestant.load(problem);
  if (!loaded) return undefined;
  const memory = watchMemory(contestant);
  try {
    const [first] = await loaded.tasks(task);
    if (!first) return undefined;
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
    first.dispose();
    const bytes = memory.most();
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
