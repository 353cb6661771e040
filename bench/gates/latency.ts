import { crossEntropy, type Engine, softmax, type Tensor } from "../../src/index.ts";
import { milliseconds, table } from "../format.ts";
import { makeProblem } from "../problem.ts";
import { spreadOf } from "../statistics.ts";
import type { Gate, GateCase } from "./gate.ts";

const ROWS = 4;
const CLASSES = 1024;
const LIMIT = 10;

/** A small call from array to array: upload, kernel and readback. */
export async function latencyCase(engine: Engine, repeats: number): Promise<GateCase> {
  const { logits, targets } = makeProblem(ROWS, CLASSES);
  const calls: Record<string, (x: Tensor) => Tensor> = {
    softmax: (x) => softmax(x),
    crossEntropy: (x) => crossEntropy(x, targets),
  };
  const rows: string[][] = [];
  const gates: Gate[] = [];
  for (const [name, call] of Object.entries(calls)) {
    const times: number[] = [];
    for (let k = -3; k < repeats; k++) {
      const time = await roundTrip(engine, logits, call);
      if (k >= 0) times.push(time);
    }
    const { median, low, high } = spreadOf(times);
    rows.push([name, milliseconds(median), `${milliseconds(low)}–${milliseconds(high)}`, `${repeats}`]);
    gates.push(gate(name, median));
  }
  const title = `Small call [${ROWS} × ${CLASSES}], upload and readback included`;
  return { markdown: `### ${title}\n\n${table(["function", "median ms", "quartiles", "repeats"], rows)}`, gates };
}

async function roundTrip(engine: Engine, logits: Float32Array, call: (x: Tensor) => Tensor): Promise<number> {
  const start = performance.now();
  const x = engine.tensor(logits, [ROWS, CLASSES]);
  const y = call(x);
  await y.read();
  const time = performance.now() - start;
  x.dispose();
  y.dispose();
  return time;
}

function gate(name: string, median: number): Gate {
  return {
    name: `${name} [${ROWS} × ${CLASSES}] with upload and readback`,
    needed: `≤ ${LIMIT} ms`,
    measured: `${milliseconds(median)} ms`,
    pass: median <= LIMIT,
  };
}
