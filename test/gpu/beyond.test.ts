import { afterAll, beforeAll, expect, test } from "vitest";
import { dirichlet, Engine, expectation } from "../../src/index.ts";
import { BEYOND } from "../support/beyond.ts";
import { ENDS, onTensor } from "../support/densities.ts";
import { gpuEngine } from "../support/device.ts";

let gpu: Engine;
let cpu: Engine;

beforeAll(async () => {
  gpu = await gpuEngine();
  cpu = await Engine.create({ backend: "cpu" });
});

afterAll(() => {
  gpu.dispose();
  cpu.dispose();
});

// Each compiles a shader of its own; that the means are right is tested on the CPU engine, for all of them.
test.for(BEYOND.filter((_, k) => k % 3 === 0).map((one) => ({ name: `${one.of} under ${one.under.name}`, ...one })))(
  "$name has the CPU engine's bits",
  async ({ of, under }) => {
    const options = { of, under, samples: 2 ** 14, seed: 11 };
    const [onGpu, onCpu] = [await expectation(gpu, options), await expectation(cpu, options)];
    expect([onGpu.mean, onGpu.variance]).toEqual([onCpu.mean, onCpu.variance]);
  },
);

test.for(ENDS)("logProb of $name has the bits of its f32 twin", async ({ of, points }) => {
  const x = Float32Array.from(points);
  const found = await of.logProb(gpu.tensor(x, [x.length])).read();
  const at = onTensor(of);
  expect([...found]).toEqual([...x].map((point) => at(point).got));
});

test("dirichlet densities where shares are 0", async () => {
  const points = [
    [0, 0.5, 0.5],
    [0.5, 0, 0.5],
    [0, 0, 1],
    [0.25, 0.25, 0.5],
  ];
  for (const concentration of [
    [2, 2, 2],
    [0.5, 0.5, 0.5],
    [1, 1, 1],
    [0.5, 2, 1],
  ]) {
    const of = dirichlet(concentration);
    const found = await of.logProb(gpu.tensor(Float32Array.from(points.flat()), [4, 3])).read();
    points.forEach((point, k) => {
      const want = of.logProb(point);
      if (Number.isFinite(want)) expect(Math.abs((found[k] as number) - want), `${point}`).toBeLessThan(2e-5);
      else expect(found[k], `${concentration} at ${point}`).toBe(want);
    });
  }
});
