import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { faults, recordOf } from "../../../bench/isa/check.ts";
import type { Measured } from "../../../bench/isa/measure.ts";
import { ownKernels } from "../../../bench/isa/ours.ts";
import { exhaustive } from "../../support/exhaustive.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("the kernels that are compiled for graphics cards are all there are", async () => {
  const names = new Set((await ownKernels()).map(({ kernel }) => kernel.replace(/ \(\d+\)$/, "")));
  const shaders = readdirSync(`${root}shaders`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".wgsl") && !path.startsWith("lib"))
    .map((path) => path.replace(/^.*[/\\]|\.wgsl$/g, ""));
  expect(shaders.filter((name) => !names.has(name))).toEqual([]);
});

const kernel: Measured = {
  library: "surprisal",
  call: "softmax [4, 4]",
  kernel: "softmax",
  registers: 64,
  spills: 0,
  shared: 0,
  inFlight: 16,
  instructions: 100,
  loops: [
    { part: "reads", operations: 100, slow: 0, accesses: 1, sharedAccesses: 0, bytesRead: 16, bytesWritten: 0 },
    { part: "computes", operations: 50, slow: 0, accesses: 0, sharedAccesses: 0, bytesRead: 0, bytesWritten: 0 },
  ],
};

const runOf = (...kernels: readonly Measured[]) => ({
  date: "2026-12-01",
  driver: "Mesa",
  targets: [{ target: "a card", kernels }],
});

test("a kernel that spills, costs more than its record or has none is told of", () => {
  const record = recordOf(runOf(kernel));
  expect(faults(runOf(kernel), record)).toEqual([]);
  expect(faults(runOf({ ...kernel, spills: 3 }), record)).toEqual([
    "softmax [4, 4], softmax on a card: 3 registers spilled, recorded 0",
  ]);
  const [reads, computes] = kernel.loops;
  if (!reads || !computes) throw new Error("two loops");
  const within = { ...kernel, loops: [{ ...reads, operations: 105 }, computes] };
  expect(faults(runOf(within), record)).toEqual([]);
  const dear = { ...kernel, loops: [reads, { ...computes, operations: 53 }] };
  expect(faults(runOf(dear), record)).toEqual([
    "softmax [4, 4], softmax on a card, the loop that computes: 53.00 operations a value, recorded 50",
  ]);
  expect(faults({ ...runOf(dear), driver: "another version" }, record)).toEqual([]);
  expect(faults(runOf({ ...kernel, kernel: "new" }), record)[0]).toContain("has no record");
});

test.runIf(exhaustive)("no kernel spills or costs more than its record says", { timeout: 600_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${root}bench/isa.mjs`, "--check"], {
    encoding: "utf8",
  });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
});
