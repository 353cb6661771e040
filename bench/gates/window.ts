import { crossEntropy, type Engine } from "../../src/index.ts";
import { finished } from "../finished.ts";
import { milliseconds, table } from "../format.ts";
import { race, type Timing } from "../harness.ts";
import { taskOf } from "../peers/surprisal.ts";
import type { GateCase } from "./gate.ts";
import { generatedTargets, generateLogits } from "./generated.ts";

const ROWS = 1024;
const CLASSES = 32_064;
const WINDOW = [31_744, 32_000] as const;

/** Cross-entropy over 256 of 32,064 classes must cost a window, not a row. */
export async function windowCase(engine: Engine, device: GPUDevice, repeats: number): Promise<GateCase> {
  const buffer = generateLogits(device, ROWS, CLASSES);
  await finished(device);
  const logits = engine.view(buffer, { shape: [ROWS, CLASSES] });
  const targets = engine.tensor(generatedTargets(ROWS, ...WINDOW), [ROWS]);
  const tasks = [
    taskOf(() => crossEntropy(logits, targets)),
    taskOf(() => crossEntropy(logits, targets, { classes: WINDOW })),
  ];
  const [full, part] = await race(
    tasks.map((task) => ({ device, task, resultBytes: 4 })),
    repeats,
  );
  logits.dispose();
  targets.dispose();
  buffer.destroy();
  if (!full || full instanceof Error) throw full;
  if (!part || part instanceof Error) throw part;
  return report(full, part);
}

function report(full: Timing, part: Timing): GateCase {
  const name = `crossEntropy of classes [${WINDOW.join(", ")}) of ${CLASSES}, ${ROWS} rows`;
  const line = (what: string, { median, low, high, repeats, batch }: Timing) => [
    what,
    milliseconds(median),
    `${milliseconds(low)}–${milliseconds(high)}`,
    `${repeats} × ${batch}`,
  ];
  const rows = [line("full row", full), line("window", part)];
  const ratio = full.median / part.median;
  return {
    markdown: `### ${name}\n\n${table(["columns", "median ms", "quartiles", "repeats × calls"], rows)}`,
    gates: [{ name, needed: "≤ 1/20 of the full row", measured: `1/${ratio.toFixed(1)}`, pass: ratio >= 20 }],
  };
}
