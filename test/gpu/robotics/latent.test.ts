import { describe, expect, test } from "vitest";
import { dreamer } from "../../../src/robotics/index.ts";
import { dreamer as golden } from "../../golden/robotics/robotics.ts";
import { uniformBatch } from "../../support/data.ts";
import { klGradients, stateKl } from "../../support/robotics/latent.ts";
import { series } from "../../support/robotics/series.ts";
import { onEach } from "../../support/rows/calls.ts";
import { expectWithin } from "../../support/tolerance.ts";

/** f32's unit roundoff. */
const U = 2 ** -24;

const uniform = (seed: number, count: number, range: number) => uniformBatch(seed, 1, count, range).data;

onEach((setting, on) => {
  const tensor = (data: Float32Array, shape: readonly number[]) => setting().engine.tensor(data, shape);

  describe("latent states", () => {
    test("diverge as NumPy says", async () => {
      const p = Float32Array.from(series(384), (x) => 4 * x);
      const q = Float32Array.from(series(384, 1_999), (x) => 3 * x);
      const shape = [3, 8, 16];
      const got = await dreamer.latentKl(tensor(p, shape), tensor(q, shape), { freeNats: 0 }).read();
      // Beyond f32's arithmetic, the logits were rounded: each by U |x| <= 4 U, to which KL is as sensitive as it is large.
      expectWithin("latentKl", got, golden.kl, (s) => {
        const { value, budget } = stateKl(p.subarray(s * 128, (s + 1) * 128), q.subarray(s * 128, (s + 1) * 128), 16);
        return budget + 8 * U * (value + 8);
      });
    });

    test.each([
      [1, 1, 2, 5],
      [5, 32, 64, 3],
      [7, 32, 96, 20],
      [2, 3, 4, 200],
    ])(
      "have the KL of unimix categoricals and its gradients: %i of %i x %i, logits to ±%i",
      async (states, stoch, classes, range) => {
        const [p, q] = [uniform(11, states * stoch * classes, range), uniform(12, states * stoch * classes, range)];
        const shape = [states, stoch, classes];
        const got = dreamer.balancedKl(tensor(p, shape), tensor(q, shape), { freeNats: 0 });
        const size = stoch * classes;
        const want = Array.from({ length: states }, (_, s) =>
          stateKl(p.subarray(s * size, (s + 1) * size), q.subarray(s * size, (s + 1) * size), classes),
        );
        expectWithin(
          "divergence",
          await got.divergence.read(),
          want.map((s) => s.value),
          (s) => want[s]?.budget ?? 0,
        );
        const gradients = Array.from({ length: states * stoch }, (_, r) =>
          klGradients(p.subarray(r * classes, (r + 1) * classes), q.subarray(r * classes, (r + 1) * classes)),
        );
        const ofPosterior = gradients.flatMap((row) => row.post);
        const ofPrior = gradients.flatMap((row) => row.prior);
        // The scale of 0.1 is rounded, and so is its product.
        expectWithin(
          "posterior",
          await got.posteriorGradient.read(),
          ofPosterior.map((g) => 0.1 * g.value),
          (k) => 0.1 * (ofPosterior[k]?.budget ?? 0) + 3 * U * Math.abs(0.1 * (ofPosterior[k]?.value ?? 0)) + 2 ** -126,
        );
        expectWithin(
          "prior",
          await got.priorGradient.read(),
          ofPrior.map((g) => g.value),
          (k) => (ofPrior[k]?.budget ?? 0) + 2 ** -126,
        );
      },
    );

    test("do not diverge from themselves, never by more than the bound, and not by less than the free nats", async () => {
      const p = uniform(13, 4 * 32 * 64, 6);
      const x = tensor(p, [4, 32, 64]);
      expect([...(await dreamer.latentKl(x, x, { freeNats: 0 }).read())]).toEqual([0, 0, 0, 0]);
      expect([...(await dreamer.latentKl(x, x).read())]).toEqual([1, 1, 1, 1]);
      const [a, b] = [0, 1].map((at) =>
        tensor(
          Float32Array.from({ length: 32 * 64 }, (_, k) => (k % 64 === at ? 1e4 : 0)),
          [32, 64],
        ),
      );
      const [most = 0] = a && b ? await dreamer.latentKl(a, b).read() : [];
      expect(most).toBeLessThan(dreamer.latentBounds().mostPerState);
      expect(most).toBeGreaterThan(270);
    });

    test("are NaN where a logit is, and know -Infinity", async () => {
      const p = uniform(14, 3 * 2 * 4, 2);
      [p[1], p[9], p[17]] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const q = tensor(uniform(15, 24, 2), [3, 2, 4]);
      const { divergence, posteriorGradient } = dreamer.balancedKl(tensor(p, [3, 2, 4]), q, { freeNats: 0 });
      const [a, b, c] = await divergence.read();
      expect([a, b]).toEqual([Number.NaN, Number.NaN]);
      const want = stateKl(p.subarray(16, 24), uniform(15, 24, 2).subarray(16, 24), 4);
      expect(Math.abs((c ?? 0) - want.value)).toBeLessThan(want.budget + 86 * U);
      const gradient = await posteriorGradient.read();
      expect(gradient.subarray(0, 16).every(Number.isNaN)).toBe(true);
      expect(gradient.subarray(16).some(Number.isNaN)).toBe(false);
    });

    test("are refused where they do not fit", () => {
      const [a, b] = [tensor(new Float32Array(8), [2, 4]), tensor(new Float32Array(8), [4, 2])];
      expect(() => dreamer.latentKl(a, b)).toThrow("prior must be f32 [2, 4] like posterior, got f32 [4, 2]");
      expect(() => dreamer.latentKl(a, a, { unimix: 0 })).toThrow("unimix must be from 1e-6 to 1, got 0");
      expect(() => dreamer.balancedKl(a, a, { freeNats: Number.NaN })).toThrow(
        "freeNats must be a number from 0 to 1e30, got NaN",
      );
      expect(() => dreamer.latentKl(tensor(new Float32Array(4), [4]), b)).toThrow(
        "posterior must be f32 [..., stoch, classes]",
      );
    });

    // The CPU engine has no encoders.
    if (on === "cpu") return;
    test("are recorded into a caller's encoder without being submitted", async () => {
      const { engine } = setting();
      const x = tensor(uniform(16, 2 * 4 * 8, 3), [2, 4, 8]);
      const y = tensor(uniform(17, 2 * 4 * 8, 3), [2, 4, 8]);
      const want = await dreamer.latentKl(x, y).read();
      const { device } = engine;
      if (!device) throw new Error("no device");
      const encoder = device.createCommandEncoder();
      const recorded = dreamer.latentKl.encode(encoder, x, y);
      device.queue.submit([encoder.finish()]);
      expect([...(await recorded.read())]).toEqual([...want]);
    });
  });
});
