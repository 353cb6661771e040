import { allocateCopy, copied } from "../../../src/engine/cpu/allocation.ts";
import { Cores } from "../../../src/engine/cpu/cores.ts";
import type { CpuModule } from "../../../src/engine/cpu/work.ts";
import { Workspace } from "../../../src/engine/cpu/workspace.ts";
import type { Values } from "../../../src/engine/values.ts";
import * as rows from "../../../src/rows/cpu/rows.ts";
import type { RowReference } from "../../../src/rows/row-call.ts";
import { type Batch, batchOf, repeated, uniformBatch } from "../data.ts";
import type { Choice } from "./reference.ts";

export const LARGEST = 3.4028234663852886e38;

export const [shared, plain] = [new Cores(true), new Cores(false)];

export type Outputs = Readonly<Record<string, Values>>;

/** What a kernel gives; it must not decline. */
export async function run(
  name: string,
  options: RowReference,
  given: Readonly<Record<string, Values>>,
  cores = shared,
  threads = 1,
): Promise<Outputs> {
  const space = new Workspace(cores, threads);
  const allocated = Object.entries(given).map(([key, values]) => [key, allocateCopy(cores.memory, values)] as const);
  const modules: Readonly<Record<string, CpuModule<never>>> = rows;
  const done = await modules[name]?.wasm?.(options as never, Object.fromEntries(allocated), space);
  if (!done) throw new Error(`${name} declined`);
  space.end();
  for (const [, one] of allocated) one.free();
  const outputs: Record<string, Values> = {};
  for (const [key, one] of Object.entries(done.outputs)) {
    outputs[key] = copied(one);
    one.free();
  }
  if (done.badRow !== undefined) outputs.badRow = Int32Array.of(done.badRow);
  return outputs;
}

export function optionsOf(
  { rows, classes }: Batch,
  { temperature, classes: window = [0, classes] }: Choice,
): RowReference {
  const [begin, end] = window;
  return { rows, classes, begin, end, rate: Math.fround(1 / (temperature ?? 1)), mask: "none" };
}

/** What is beyond f32 is infinite in it. */
export function inRange(value: number): number {
  return Math.abs(value) > LARGEST ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
}

/** At least so many rows of the batch that it is no small call. */
export function enough(batch: Batch, { classes = [0, batch.classes] }: Choice = {}): Batch {
  const width = classes[1] - classes[0];
  return repeated(batch, Math.max(batch.rows, Math.ceil(4_096 / width)));
}

/** Rows of which each has something that no ordinary row has; `k` is where. */
export function specialRows(classes: number): Batch {
  const base = uniformBatch(classes, 1, classes, 5).data;
  const at = (k: number, value: number) => (c: number) => (c === k ? value : (base[c] ?? 0));
  const places = [0, classes >> 1, classes - 1];
  const all = (value: number) => () => value;
  const two = (one: number, others: number, k: number) => (c: number) => (c === k ? one : others);
  return batchOf(
    [
      ...places.flatMap((k) => [Number.NaN, Infinity, -Infinity, LARGEST, -LARGEST, 80, -80].map((x) => at(k, x))),
      ...[Number.NaN, Infinity, -Infinity, LARGEST, -LARGEST, 80, 0, 1e-45].map(all),
      ...places.flatMap((k) => [two(0, -Infinity, k), two(LARGEST, -LARGEST, k), two(-LARGEST, -Infinity, k)]),
      (c) => (c % 2 ? -Infinity : (base[c] ?? 0)),
    ],
    classes,
  );
}
