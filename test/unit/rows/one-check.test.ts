import { Session } from "node:inspector";
import { describe, expect, test } from "vitest";
import { Engine } from "../../../src/engine/engine.ts";
import type { RowOptions } from "../../../src/rows/row-options.ts";
import { softmax } from "../../../src/rows/softmax.ts";
import { fakeGpu } from "../../support/engine/fake-gpu.ts";
import { ROW_FUNCTIONS } from "../../support/rows/functions.ts";

describe("a call reads its options once", () => {
  test.each(Object.entries(ROW_FUNCTIONS))("%s", async (_name, { call, args }) => {
    const { gpu } = fakeGpu();
    const engine = await Engine.create({ gpu });
    const x = engine.tensor(new Float32Array(6), [2, 3]);
    const reads: Record<string, number> = {};
    const options = new Proxy<RowOptions>(
      { temperature: 2, classes: [0, 3] },
      {
        get(target, name: keyof RowOptions) {
          if (name in target) reads[name] = (reads[name] ?? 0) + 1;
          return target[name];
        },
      },
    );
    call(...([...args(x), options] as never[]));
    expect(reads).toEqual({ temperature: 1, classes: 1 });
    engine.dispose();
  });
});

/** The files of src/ whose functions run from a call to its submit. */
async function enteredBy(call: (engine: Engine) => () => unknown): Promise<readonly string[]> {
  const { gpu } = fakeGpu();
  const engine = await Engine.create({ gpu });
  const again = call(engine);
  again();
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  const entered = new Set<string>();
  const queue = engine.device?.queue as GPUQueue;
  queue.submit = () => {
    // In the same thread a session answers before it returns.
    session.post("Profiler.takePreciseCoverage", (_error, { result }) => {
      for (const { url, functions } of result) {
        const [, file] = /\/(src\/.*\.ts)/.exec(url) ?? [];
        if (file && functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0)) entered.add(file);
      }
    });
  };
  session.post("Profiler.takePreciseCoverage");
  again();
  session.post("Profiler.stopPreciseCoverage");
  session.disconnect();
  engine.dispose();
  return [...entered].sort();
}

test("a second softmax goes through seven files of its room, and 21 in all, before its submit", async () => {
  const files = await enteredBy((engine) => {
    const x = engine.tensor(new Float32Array(64 * 1_024), [64, 1_024]);
    return () => softmax(x);
  });
  expect(files.filter((file) => file.startsWith("src/rows/"))).toEqual([
    "src/rows/layout.ts",
    "src/rows/row-arithmetic.ts",
    "src/rows/row-elements.ts",
    "src/rows/row-options.ts",
    "src/rows/row-ranges.ts",
    "src/rows/rows.ts",
    "src/rows/softmax.ts",
  ]);
  expect(files.length).toBeLessThanOrEqual(21);
});
