import { crossEntropy, type Engine } from "../../src/index.ts";
import { tensorTask } from "../contestants/surprisal-tasks.ts";
import { finished } from "../harness/finished.ts";
import { type Pace, race, type Timing } from "../harness/race.ts";
import { medianOf, ratiosOf, spreadOf } from "../harness/statistics.ts";
import { milliseconds } from "../report/table.ts";
import type { Check } from "./check.ts";
import { generatedTargets, generateLogits } from "./generated.ts";

const ROWS = 1024;
const CLASSES = 32_064;
const WINDOW = [31_744, 32_000] as const;

/** Cross-entropy over 256 of 32,064 classes must cost a window, not a row. */
export async function checkWindow(engine: Engine, device: GPUDevice, pace: Pace): Promise<Check> {
  const buffer = generateLogits(device, ROWS, CLASSES);
  await finished(device);
  const logits = engine.view(buffer, { shape: [ROWS, CLASSES] });
  const targets = engine.tensor(generatedTargets(ROWS, ...WINDOW), [ROWS]);
  const tasks = [
    tensorTask(engine, () => [crossEntropy(logits, targets)]),
    tensorTask(engine, () => [crossEntropy(logits, targets, { classes: WINDOW })]),
  ];
  const [full, part] = await race(
    tasks.map((task) => ({ device, tasks: [task] })),
    pace,
  );
  logits.dispose();
  targets.dispose();
  buffer.destroy();
  if (!full || full instanceof Error) throw full;
  if (!part || part instanceof Error) throw part;
  return report(full, part);
}

function report(full: Timing, part: Timing): Check {
  const name = `crossEntropy of classes [${WINDOW.join(", ")}) of ${CLASSES}, ${ROWS} rows`;
  const line = (what: string, { spans: { times, calls } }: Timing) => {
    const { median, low, high } = spreadOf(times);
    return [what, milliseconds(median), `${milliseconds(low)}–${milliseconds(high)}`, `${times.length} × ${calls}`];
  };
  const rows = [line("full row", full), line("window", part)];
  const ratio = medianOf(ratiosOf(full.spans, part.spans));
  return {
    table: { title: name, head: ["columns", "median ms", "quartiles", "rounds × calls"], rows },
    gates: [{ name, needed: "≤ 1/20 of the full row", measured: `1/${ratio.toFixed(1)}`, pass: ratio >= 20 }],
  };
}
