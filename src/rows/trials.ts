import type { Machine, TunedNumbers } from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { Trial, Trials } from "../engine/tuning.ts";
import { chooseLayout, fitsRegisters, inRegistersLayout, mostInRegisters, rowsOf } from "./layout.ts";
import type { RowProgram } from "./rows.ts";
import type { RowTrial } from "./tuning.ts";

// Loaded by `engine.tune` alone.

/** What the tuner tries of a function over rows. */
export function rowTrials(program: RowProgram, call: RowTrial): Trials {
  return {
    layouts: (shape, machine) => layoutsOf(program, rowsOf(shape), shape.at(-1) ?? 1, machine),
    begin: (engine, shape) => beginTrial(engine, shape, call),
  };
}

/** Layouts by lanes, workgroups and segments, and for rows of few classes by rows an invocation: those that the rule does not give. */
function layoutsOf(program: RowProgram, rows: number, columns: number, machine: Machine): readonly TunedNumbers[] {
  const { bytes } = program.state;
  const { span: _, ...rule } = chooseLayout(rows, columns, bytes, machine);
  const general = [...spreads(rows, columns, bytes, machine)];
  if (!program.inRegisters || columns > mostInRegisters(columns, true, machine)) return without(rule, general);
  const whole = { whole: true, writesRows: program.writesRows === true };
  const { width, run } = inRegistersLayout(rows, columns, whole, machine);
  const registers = [16, 64, 256].flatMap((width) => runs(rows, machine).map((run) => ({ width, run })));
  // Where registers are worth it, of the general layouts only the one that the rule would give without.
  if (fitsRegisters(rows, columns, true, machine)) return without({ width, run }, [...registers, rule]);
  return without(rule, [{ width, run }, ...registers, ...general]);
}

function without(rule: TunedNumbers, layouts: readonly TunedNumbers[]): readonly TunedNumbers[] {
  const keyOf = (layout: TunedNumbers) => JSON.stringify(Object.entries(layout).sort());
  const others = new Map(layouts.map((layout) => [keyOf(layout), layout]));
  others.delete(keyOf(rule));
  return [...others.values()];
}

/** Trips an invocation, of which there should be more than cores have lanes. */
function runs(rows: number, { software }: Machine): number[] {
  return [1, 4, 16, 64, 256].filter((run) => run === 1 || rows / run >= (software ? 64 : 16_384));
}

function* spreads(rows: number, columns: number, bytes: number, machine: Machine): Generator<TunedNumbers> {
  const { software, limits } = machine;
  const [lanesTried, widths] = software
    ? [
        [1, 4],
        [16, 64, 256],
      ]
    : [
        [1, 4, 8, 16, 32, 64, 128, 256],
        [64, 128, 256],
      ];
  for (const width of widths.filter((one) => one <= limits.maxComputeInvocationsPerWorkgroup)) {
    for (const lanes of lanesTried) {
      if (lanes > width || lanes > columns || width * bytes > limits.maxComputeWorkgroupStorageSize) continue;
      for (
        let segments = 1;
        segments === 1 || isWorthSplitting(rows * lanes, columns / lanes, segments);
        segments *= 4
      ) {
        // Asked for, so that what cannot be had here is left out and what is cut otherwise is told as it is cut.
        const { span: _, ...layout } = chooseLayout(rows, columns, bytes, machine, {
          tuned: { width, lanes, segments },
        });
        if (layout.width === width && layout.lanes === lanes) yield layout;
      }
    }
  }
}

/** Whether so many segments leave each lane a few chunks of its row, and are not more than any machine has places for. */
function isWorthSplitting(invocations: number, perLane: number, segments: number): boolean {
  return perLane / segments >= 64 && invocations * segments <= 2 ** 20;
}

/** Logits from -8 to 8, twice, and ids of any class. */
function beginTrial(engine: Tensor["engine"], shape: readonly number[], call: RowTrial): Trial {
  const columns = shape.at(-1) ?? 1;
  const rows = rowsOf(shape);
  const ids = Int32Array.from({ length: rows }, () => Math.floor(Math.random() * columns));
  const values = Float32Array.from({ length: rows * columns }, () => (Math.random() - 0.5) * 16);
  const held: Tensor[] = [];
  const dispose = () => {
    for (const tensor of held) tensor.dispose();
  };
  const hold = (tensor: Tensor): Tensor => {
    held.push(tensor);
    return tensor;
  };
  try {
    const logits = hold(engine.tensor(values, shape));
    const targets = hold(engine.tensor(ids, shape.slice(0, -1)));
    const other = hold(engine.tensor(values.reverse(), shape));
    return { run: () => call(logits, targets, other), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
