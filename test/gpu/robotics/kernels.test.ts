import { describe, expect, test } from "vitest";
import { unit } from "../../../src/arithmetic/variates.ts";
import { InputError } from "../../../src/index.ts";
import { DEFAULT_GENERATOR, fillWords } from "../../../src/random/words.ts";
import { dreamer, expectedValue, meanSquaredError, octo, pi0, sampleRows, vae } from "../../../src/robotics/index.ts";
import { planSampleRows, readSampleRows } from "../../../src/rows/sample-rows.ts";
import { randomMask, randomProbabilities, randomSource, uniformBatch } from "../../support/data.ts";
import { onEach } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

/** f32's unit roundoff. */
const U = 2 ** -24;

const uniform = (seed: number, count: number, range: number) => uniformBatch(seed, 1, count, range).data;

onEach((setting) => {
  const tensor = (data: Float32Array | Uint32Array | Int32Array, shape: readonly number[]) =>
    setting().engine.tensor(data, shape);

  describe("meanSquaredError", () => {
    // A difference is rounded once and squared: three roundings, then one a value that is added.
    const budget = (want: number, columns: number) => U * (columns + 8) * want;

    test.each([
      [1, 1],
      [63, 7],
      [65, 32],
      [3, 1_000],
    ])("is each row's mean of squares, for %i rows of %i", async (rows, columns) => {
      const [a, b] = [uniform(1, rows * columns, 3), uniform(2, rows * columns, 3)];
      const want = Array.from({ length: rows }, (_, r) => {
        let sum = 0;
        for (let k = r * columns; k < (r + 1) * columns; k++) sum += ((a[k] ?? 0) - (b[k] ?? 0)) ** 2;
        return sum / columns;
      });
      const got = await meanSquaredError(tensor(a, [rows, columns]), tensor(b, [rows, columns])).read();
      expectWithin("meanSquaredError", got, want, (r) => budget(want[r] ?? 0, columns));
    });

    test("is the masked mean of everything, whatever stands where the mask hides it", async () => {
      const [a, b] = [uniform(3, 1_400, 2), uniform(4, 1_400, 2)];
      const mask = randomMask(5, 200, 7, 0.6);
      const kept = a.map((x, k) => (mask[k] ? (x - (b[k] ?? 0)) ** 2 : 0));
      const want = (7 * kept.reduce((sum, x) => sum + x, 0)) / mask.filter(Boolean).length;
      a[mask.indexOf(false)] = Number.NaN;
      const options = { reduction: "mean", mask, scale: 7 } as const;
      const got = await meanSquaredError(tensor(a, [200, 7]), tensor(b, [200, 7]), options).read();
      // Two hundred rows more are added up.
      expectWithin("meanSquaredError", got, [want], () => budget(want, 7 + 200));
    });

    test("of nothing is NaN, and of a row with NaN is NaN", async () => {
      const zeros = tensor(new Float32Array(4), [2, 2]);
      const none = meanSquaredError(zeros, zeros, { reduction: "mean", mask: [0, 0, 0, 0] });
      expect([...(await none.read())]).toEqual([Number.NaN]);
      const some = meanSquaredError(zeros, zeros, { reduction: "mean", mask: [0, 0, 0, 0], leastShare: 1e-5 });
      expect([...(await some.read())]).toEqual([0]);
      const bad = tensor(Float32Array.of(Number.NaN, 0, 0, Number.POSITIVE_INFINITY), [2, 2]);
      expect([...(await meanSquaredError(bad, zeros).read())]).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
      expect([...(await meanSquaredError(bad, zeros, { reduction: "mean" }).read())]).toEqual([Number.NaN]);
    });

    test("refuses shapes and options that do not fit", () => {
      const [a, b] = [tensor(new Float32Array(6), [2, 3]), tensor(new Float32Array(6), [3, 2])];
      expect(() => meanSquaredError(a, b)).toThrow("target must be f32 [2, 3] like predicted, got f32 [3, 2]");
      expect(() => meanSquaredError(a, a, { mask: [1] })).toThrow('mask needs reduction "mean", got "rows"');
      expect(() => meanSquaredError(a, a, { reduction: "mean", mask: [1] })).toThrow("mask must have 6 flags, got 1");
      expect(() => meanSquaredError(a, a, { scale: 1e39 })).toThrow("scale must be a finite number that f32 can hold");
    });
  });

  describe("expectedValue", () => {
    test.each([1, 2, 255, 256, 1_001])("is Σ p v over %i classes", async (classes) => {
      const p = randomProbabilities(6, 70, classes);
      const values = uniform(7, classes, 100);
      const sizes = Array.from({ length: 70 }, (_, r) =>
        values.reduce((sum, v, c) => sum + Math.abs(v * (p[r * classes + c] ?? 0)), 0),
      );
      const want = sizes.map((_, r) => values.reduce((sum, v, c) => sum + v * (p[r * classes + c] ?? 0), 0));
      const got = await expectedValue(tensor(p, [70, classes]), values).read();
      // A product's rounding, a pair's, and one a pair that is added.
      expectWithin("expectedValue", got, want, (r) => U * (classes / 2 + 3) * (sizes[r] ?? 0));
    });

    test("of equal probabilities of symmetric values is 0, and not just nearly", async () => {
      const equal = new Float32Array(2 * 255).fill(1 / 255);
      expect([...(await expectedValue(tensor(equal, [2, 255]), dreamer.bins).read())]).toEqual([0, 0]);
    });

    test("refuses values that do not fit", () => {
      expect(() => expectedValue(tensor(new Float32Array(4), [2, 2]), [1])).toThrow(
        "values must be 2 numbers (one a class), got 1",
      );
      for (const bad of [Number.NaN, 1e39, null]) {
        expect(() => expectedValue(tensor(new Float32Array(2), [2]), [0, bad as number])).toThrow(
          `values[1] must be a finite number that f32 can hold, got ${bad}`,
        );
      }
    });
  });

  describe("sampleRows", () => {
    test.each([1, 63, 65, 4_097, 32_064])(
      "takes the class that holds the row's uniform number, of %i",
      async (classes) => {
        const rows = 8;
        const p = randomProbabilities(8, rows, classes);
        const words = new Uint32Array(rows);
        fillWords(words, { generator: DEFAULT_GENERATOR, seed: [9, 0], stream: 2 }, 0, 0, 100);
        const { engine } = setting();
        const x = tensor(p, [rows, classes]);
        const draw = { seed: 9, stream: 2, offset: 100 };
        // As this machine does it, and as a GPU does.
        const asOnGpu = planSampleRows(readSampleRows(x, draw), { limits: engine.limits, software: false });
        for (const ids of [sampleRows(x, draw), engine.run(asOnGpu, { x }).y]) {
          const got = await ids.read();
          // The sum before a lane's stretch has 64 roundings; those within it are compensated, but for 2, and u · total has one.
          const room = U * 70;
          got.forEach((chosen, r) => {
            const row = p.subarray(r * classes, (r + 1) * classes);
            const total = row.reduce((sum, y) => sum + y, 0);
            const before = row.subarray(0, chosen).reduce((sum, y) => sum + y, 0) / total;
            const u = unit(words[r] ?? 0);
            expect(row[chosen]).toBeGreaterThan(0);
            expect(u).toBeGreaterThan(before - room);
            expect(u).toBeLessThan(before + (row[chosen] ?? 0) / total + room);
          });
        }
      },
    );

    test("draws each class as often as it is likely", async () => {
      const p = [0.4, 0, 0.05, 0.3, 0.2, 0.05];
      const rows = 20_000;
      const data = Float32Array.from({ length: rows * 6 }, (_, k) => p[k % 6] ?? 0);
      const got = await sampleRows(tensor(data, [rows, 6]), { seed: 3 }).read();
      p.forEach((probability, c) => {
        const count = got.filter((chosen) => chosen === c).length;
        const deviation = Math.sqrt(rows * probability * (1 - probability));
        expect(Math.abs(count - rows * probability)).toBeLessThanOrEqual(5 * deviation);
      });
    });

    test("gives -1 where there is no distribution, and ids of the full row", async () => {
      const data = Float32Array.of(0, 0, Number.NaN, 0.5, 0, 1);
      expect([...(await sampleRows(tensor(data, [3, 2]), { seed: 1, firstClass: 31_744 }).read())]).toEqual([
        -1, -1, 31_745,
      ]);
    });

    test("takes rows that add up to anything positive, and draws none from one with an infinity", async () => {
      const data = [0.2, 0.2, 3, 5, 1e-12, 0, Number.POSITIVE_INFINITY, 0, 0, Number.POSITIVE_INFINITY, 0.5, 0.5];
      const got = [...(await sampleRows(tensor(Float32Array.from(data), [6, 2]), { seed: 4 }).read())];
      expect(got[0]).toBeGreaterThanOrEqual(0);
      expect(got[1]).toBeGreaterThanOrEqual(0);
      expect(got.slice(2, 5)).toEqual([0, -1, -1]);
      const scaled = new Float32Array(2_000).map((_, k) => (k % 2 === 0 ? 0.025 : 0.075));
      const one = scaled.map((p) => 8 * p);
      // A power of two: the same sums, scaled, so the same draws.
      const [a, b] = [scaled, one].map((p) => sampleRows(tensor(p, [1_000, 2]), { seed: 5 }));
      expect([...((await a?.read()) ?? [])]).toEqual([...((await b?.read()) ?? [])]);
    });

    test("refuses addresses that do not fit", () => {
      const one = tensor(new Float32Array(2), [1, 2]);
      expect(() => sampleRows(one, { seed: -1 })).toThrow(InputError);
      expect(() => sampleRows(one, { seed: 1, stream: 0.5 })).toThrow("stream must be a whole number from 0");
      expect(() => sampleRows(one, { seed: 1, generator: "mt19937" as never })).toThrow(
        'generator must be one of threefry4x32-20, philox4x32-10, got "mt19937"',
      );
      expect(() => sampleRows(one, undefined as never)).toThrow(
        "sampleRows: needed options { seed, stream, offset … }, got undefined",
      );
    });
  });

  describe("points of paths", () => {
    test("of flow matching are f32 arithmetic to the bit", async () => {
      const [a, e] = [uniform(16, 3 * 5 * 7, 2), uniform(17, 105, 2)];
      const t = Float32Array.of(0.001, 0.3333, 1);
      const { point, velocity } = pi0.flowPoint(tensor(a, [3, 5, 7]), tensor(e, [3, 5, 7]), tensor(t, [3]));
      const f = Math.fround;
      const want = a.map((x, k) => {
        const time = t[Math.floor(k / 35)] ?? 0;
        return f(f(time * (e[k] ?? 0)) + f(f(1 - time) * x));
      });
      expect([...(await point.read())]).toEqual([...want]);
      expect([...(await velocity.read())]).toEqual([...a.map((x, k) => (e[k] ?? 0) - x)]);
    });

    test("of Octo's diffusion are too, with clipped actions and a step a row", async () => {
      const schedule = octo.cosineSchedule();
      const [a, e] = [uniform(18, 2 * 2 * 28, 8), uniform(19, 112, 2)];
      const steps = Uint32Array.of(0, 19, 7, 3);
      const got = octo.diffusionPoint(tensor(a, [2, 2, 28]), tensor(e, [2, 2, 28]), tensor(steps, [2, 2]), schedule);
      const f = Math.fround;
      const want = a.map((x, k) => {
        const t = steps[Math.floor(k / 28)] ?? 0;
        const [signal, noise] = [f(schedule.signalScales[t] ?? 0), f(schedule.noiseScales[t] ?? 0)];
        return f(f(signal * Math.min(5, Math.max(-5, x))) + f(noise * (e[k] ?? 0)));
      });
      expect([...(await got.read())]).toEqual([...want]);
    });

    test("name the first step that the schedule does not have", async () => {
      const x = tensor(new Float32Array(6), [3, 2]);
      const got = octo.diffusionPoint(x, x, tensor(Int32Array.of(19, -1, 20), [3]), octo.cosineSchedule());
      await expect(got.read()).rejects.toThrow("diffusionPoint: steps must be from 0 to 19; value 1 of them is not");
      expect(() => octo.diffusionPoint(x, x, tensor(new Uint32Array(2), [2]), octo.cosineSchedule())).toThrow(
        "steps must be u32 or i32",
      );
      expect(() => pi0.flowPoint(x, x, x)).toThrow("actions must be f32 [*b, horizon, dimensions] and time f32 [*b]");
    });

    test.each([-1e-3, 1.0001, Number.NaN, Number.POSITIVE_INFINITY])(
      "name the first time outside [0, 1]: %f",
      async (bad) => {
        const x = tensor(new Float32Array(24), [4, 2, 3]);
        const { point } = pi0.flowPoint(x, x, tensor(Float32Array.of(0, 1, bad, bad), [4]));
        await expect(point.read()).rejects.toThrow("flowPoint: time must be from 0 to 1; value 2 of it is not");
        const fine = pi0.flowPoint(x, x, tensor(Float32Array.of(0, 1, -0, 0.5), [4]));
        expect(await fine.point.read()).toHaveLength(24);
      },
    );

    test("clip Octo's actions where they are told to", async () => {
      const one = { signalScales: [1], noiseScales: [0] };
      const [x, steps] = [tensor(Float32Array.of(-9, 0.5, 9), [3]), tensor(new Uint32Array(1), [])];
      const noise = tensor(new Float32Array(3), [3]);
      const clipped = async (maxAction?: number) => [
        ...(await octo.diffusionPoint(x, noise, steps, one, { maxAction }).read()),
      ];
      expect(await clipped()).toEqual([-5, 0.5, 5]);
      expect(await clipped(1)).toEqual([-1, 0.5, 1]);
      expect(await clipped(Number.POSITIVE_INFINITY)).toEqual([-9, 0.5, 9]);
      expect(() => octo.diffusionPoint(x, noise, steps, one, { maxAction: 0 })).toThrow(
        "maxAction must be a number above 0",
      );
      expect(() => octo.diffusionPoint(x, noise, steps, { ...one, noiseScales: [] })).toThrow(
        "schedule must have as many signalScales as noiseScales, at least one",
      );
      expect(() => octo.diffusionPoint(x, noise, steps, { ...one, noiseScales: [Number.NaN] })).toThrow(
        "signalScales and noiseScales must be finite numbers",
      );
    });
  });

  test("nothing in gives nothing out", async () => {
    const none = tensor(new Float32Array(0), [0, 3, 7]);
    const times = tensor(new Float32Array(0), [0]);
    expect(await meanSquaredError(none, none).read()).toHaveLength(0);
    expect([...(await meanSquaredError(none, none, { reduction: "mean" }).read())]).toEqual([Number.NaN]);
    expect(await expectedValue(none, new Array(7).fill(1)).read()).toHaveLength(0);
    expect(await sampleRows(none, { seed: 1 }).read()).toHaveLength(0);
    expect(await dreamer.latentKl(none, none).read()).toHaveLength(0);
    expect(await dreamer.balancedKl(none, none).priorGradient.read()).toHaveLength(0);
    expect(await pi0.flowPoint(none, none, times).point.read()).toHaveLength(0);
    expect(
      await octo.diffusionPoint(none, none, tensor(new Uint32Array(0), [0]), octo.cosineSchedule()).read(),
    ).toHaveLength(0);
    expect(await vae.unitGaussianKl(none, none).read()).toHaveLength(0);
    expect(await vae.reparameterize(none, none, none).read()).toHaveLength(0);
  });

  describe("VAE", () => {
    test("has the closed form's KL", async () => {
      const [m, v] = [uniform(20, 40 * 20, 3), uniform(21, 800, 6)];
      const terms = Array.from(m, (x, k) => [x * x, Math.expm1(v[k] ?? 0), v[k] ?? 0] as const);
      const rows = Array.from({ length: 40 }, (_, r) => terms.slice(r * 20, (r + 1) * 20));
      const want = rows.map((row) => row.reduce((sum, [square, more, log]) => sum + 0.5 * (square + (more - log)), 0));
      // Of each term a rounded square, an expm1 within 2 ULP, two additions; then one rounding a term.
      const budget = (row: (typeof rows)[number]) =>
        row.reduce(
          (sum, [square, more, log]) => sum + U * (square + 4 * Math.abs(more) + 2 * (square + more - log)),
          0,
        );
      const got = await vae.unitGaussianKl(tensor(m, [40, 20]), tensor(v, [40, 20])).read();
      expectWithin("unitGaussianKl", got, want, (r) => budget(rows[r] ?? []) + U * 20 * (want[r] ?? 0));
      const [known] = await vae
        .unitGaussianKl(tensor(Float32Array.of(0.5, -1), [2]), tensor(Float32Array.of(0.1, -0.3), [2]))
        .read();
      expect(Math.abs((known ?? 0) - 0.64799457)).toBeLessThan(8 * U);
    });

    test("draws by mean and deviation", async () => {
      const random = randomSource(22);
      const [m, v, e] = [
        uniform(23, 500, 3),
        uniform(24, 500, 20),
        Float32Array.from({ length: 500 }, () => 4 * random() - 2),
      ];
      const moved = Array.from(e, (x, k) => Math.exp(0.5 * (v[k] ?? 0)) * x);
      const want = moved.map((x, k) => x + (m[k] ?? 0));
      const got = await vae.reparameterize(tensor(m, [500]), tensor(v, [500]), tensor(e, [500])).read();
      // exp within 2 ULP, a product, an addition.
      expectWithin("reparameterize", got, want, (k) => U * (5 * Math.abs(moved[k] ?? 0) + Math.abs(want[k] ?? 0)));
    });
  });
});
