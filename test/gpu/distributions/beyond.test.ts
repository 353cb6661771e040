import { afterAll, beforeAll, expect, test } from "vitest";
import {
  dirichlet,
  Engine,
  expectation,
  gaussianLogDensity,
  gaussianLogDensityWithGradient,
  multivariateNormal,
  type Tensor,
} from "../../../src/index.ts";
import { gpuEngine } from "../../support/device.ts";
import { BEYOND } from "../../support/distributions/beyond.ts";
import { ENDS, onTensor } from "../../support/distributions/densities.ts";
import { exhaustive } from "../../support/exhaustive.ts";

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
test.for(
  BEYOND.filter((_, k) => k % (exhaustive ? 3 : 12) === 0).map((one) => ({
    name: `${one.of} under ${one.under.name}`,
    ...one,
  })),
)("$name has the CPU engine's bits", async ({ of, under }) => {
  const options = { of, under, samples: 2 ** 14, seed: 11 };
  const [onGpu, onCpu] = [await expectation(gpu, options), await expectation(cpu, options)];
  expect([onGpu.mean, onGpu.variance]).toEqual([onCpu.mean, onCpu.variance]);
});

test.for(ENDS.filter((_, k) => exhaustive || k % 3 === 0))(
  "logProb of $name has the bits of its f32 twin",
  async ({ of, points }) => {
    const x = Float32Array.from(points);
    const found = await of.logProb(gpu.tensor(x, [x.length])).read();
    const at = onTensor(of);
    expect([...found]).toEqual([...x].map((point) => at(point).got));
  },
);

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

const MEAN = [1e6 + 0.3, 2.1, -5e5 - 0.2];
const STD = [0.1, 3, 0.02];
const VARIANCES = STD.map((std) => std * std);
const SCALE = [0.1, 0, 0, 0.05, 3, 0, 0.01, 0.002, 0.02];

test.for([
  { name: "std", parameters: { mean: MEAN, std: STD } },
  { name: "variance", parameters: { mean: MEAN, variance: VARIANCES } },
  { name: "scaleTril", parameters: { mean: MEAN, scaleTril: SCALE } },
])("gaussianLogDensity of a mean between f32 numbers, by $name", async ({ parameters }) => {
  const rows = 1_500;
  const x = Float32Array.from({ length: 3 * rows }, (_, k) => {
    const c = k % 3;
    return (MEAN[c] as number) + (STD[c] as number) * 3 * Math.sin(k);
  });
  const of = multivariateNormal(
    "std" in parameters || "variance" in parameters ? { mean: MEAN, std: STD } : parameters,
  );
  for (const engine of [gpu, cpu]) {
    const points = engine.tensor(x, [rows, 3]);
    const densities = await gaussianLogDensity(points, parameters).read();
    const { gradient } = gaussianLogDensityWithGradient(points, parameters, { gradients: ["x"] });
    const slopes = await (gradient.x as Tensor).read();
    for (let row = 0; row < rows; row++) {
      const point = x.subarray(3 * row, 3 * row + 3);
      const want = of.logProb(point);
      expect(Math.abs((densities[row] as number) - want)).toBeLessThan(1e-5 * (20 + Math.abs(want)));
      if ("std" in parameters) {
        const slope = ((MEAN[0] as number) - (point[0] as number)) / (VARIANCES[0] as number);
        expect(Math.abs((slopes[3 * row] as number) - slope)).toBeLessThan(1e-4);
      }
    }
    points.dispose();
  }
});
