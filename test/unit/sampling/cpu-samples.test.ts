import { describe, expect, test } from "vitest";
import { eventIntegrand } from "../../../src/distributions/event.ts";
import { copied } from "../../../src/engine/cpu/allocation.ts";
import { Cores } from "../../../src/engine/cpu/cores.ts";
import type { CpuModule } from "../../../src/engine/cpu/work.ts";
import { Workspace } from "../../../src/engine/cpu/workspace.ts";
import { type Distribution, independent, multivariateNormal, normal } from "../../../src/index.ts";
import { sampleAffineReference, sampleReference } from "../../../src/sampling/cpu/sample.ts";
import { rangesOf, sample, sampleAffine } from "../../../src/sampling/cpu/sample-kernel.ts";
import { type AffineReference, planAffineSamples } from "../../../src/sampling/sample-affine.ts";
import type { SampleReference } from "../../../src/sampling/sample-plan.ts";
import { title } from "../../support/distributions/families.ts";
import { scalars, vectors } from "../../support/distributions/sampled.ts";
import { machineOf } from "../../support/house/every-plan.ts";

const [shared, plain] = [new Cores(true), new Cores(false)];

type Where = Partial<Pick<SampleReference, "first" | "count">> & {
  readonly generator?: SampleReference["address"]["generator"];
};

function wantedOf(of: Distribution, { first = 0, count = 4_101, generator = "threefry4x32-20" }: Where) {
  const address = { generator, seed: [123, 45] as const, stream: 6 };
  return { integrand: eventIntegrand(of, "test"), address, first, count };
}

/** What the kernel gives; undefined where it declines. */
async function drawn(
  options: SampleReference,
  { cores = shared, threads = 1, work = sample as CpuModule<never> } = {},
): Promise<Float32Array | undefined> {
  const space = new Workspace(cores, threads);
  const done = await work.wasm?.(options as never, {}, space);
  space.end();
  const y = done?.outputs.y;
  if (!y) return undefined;
  const values = copied(y) as Float32Array;
  y.free();
  return values;
}

async function expectSame(of: Distribution, where: Where = {}, how = {}): Promise<void> {
  const options = wantedOf(of, where);
  const want = sampleReference(options).outputs.y as Float32Array;
  const got = await drawn(options, how);
  expect(got).toHaveLength(want.length);
  expect(got?.findIndex((value, k) => !Object.is(value, want[k]))).toBe(-1);
}

describe("samples have the bits of the reference's", () => {
  test.each([...scalars, ...vectors.map(([of]) => of)].map((of) => [title(of), of] as const))("%s", async (_, of) => {
    await expectSame(of, { first: 7 });
  });

  const pair = independent([normal(1, 2), normal(0, 1), normal(5, 1)]);

  test("from every place of a quad, and of four quads", async () => {
    for (let first = 0; first < 19; first++) {
      await expectSame(normal(0.5, 2), { first, count: 4_096 + first, generator: "philox4x32-10" });
      if (first % 5 === 0) await expectSame(pair, { first, count: 4_100 + first }, { cores: plain });
    }
  });

  test("at the ends of 32 bits and beyond", async () => {
    for (const first of [2 ** 34 - 1_001, 2 ** 34 - 16, 2 ** 34, 2 ** 36 - 5, 2 ** 53 - 10_000]) {
      await expectSame(normal(0, 1), { first });
    }
  });

  test("however many", async () => {
    for (const count of [4_096, 8_192, 16_385, 70_000]) await expectSame(normal(0, 1), { count, first: 3 });
    await expectSame(pair, { count: 20_003, first: 3 }, { threads: 2 });
  });
});

test("affine maps of normals, of whatever size", async () => {
  for (const size of [7, 8, 13]) {
    const lower = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_, j) => (j > i ? 0 : j === i ? 1 + i / 3 : Math.sin(7 * i + j))),
    );
    const { affine } = multivariateNormal({ mean: lower.map((_, i) => i - 3.3), scaleTril: lower }).model;
    if (!affine) throw new Error("no affine map");
    for (const [first, count, generator] of [
      [0, 4_096, "threefry4x32-20"],
      [2 ** 34 - 1_003, 4_101, "philox4x32-10"],
    ] as const) {
      const wanted = { first, count, address: { generator, seed: [9, 8] as const, stream: 7 } };
      const { cpu } = planAffineSamples(affine, wanted, machineOf(true), "test");
      const options = cpu.options as AffineReference;
      const want = sampleAffineReference(options).outputs.y as Float32Array;
      const got = await drawn(options, { work: sampleAffine });
      expect(got?.findIndex((value, k) => !Object.is(value, want[k]))).toBe(-1);
    }
  }
});

test("few samples, none among them, stay with the reference", async () => {
  for (const count of [0, 1, 4_095]) expect(await drawn(wantedOf(normal(0, 1), { count }))).toBeUndefined();
});

test("ranges are cut where the upper word of an index changes", () => {
  expect(rangesOf(2 ** 34 - 32, 100, 48)).toEqual([
    { start: 0, stop: 32, low: 2 ** 32 - 8, high: 0 },
    { start: 32, stop: 80, low: 0, high: 1 },
    { start: 80, stop: 100, low: 12, high: 1 },
  ]);
  expect(rangesOf(0, 0, 48)).toEqual([]);
});
