import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  categorical,
  Engine,
  type Estimate,
  estimates,
  expectation,
  gradientDraws,
  normal,
  replicates,
  varianceLadder,
} from "../../../src/index.ts";

// What a call does with the objects that it is given: it reads them once, and holds on to nothing.

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu", threads: 0 });
});
afterAll(() => engine.dispose());

const under = normal(0, 1);
const samples = 200_000;

/** How often the engine is given work while a call that is refused is made. */
async function fetchesOf(call: () => Promise<unknown>): Promise<number> {
  let fetches = 0;
  const { fetch } = engine;
  engine.fetch = ((plan) => {
    fetches += 1;
    return fetch.call(engine, plan);
  }) as typeof engine.fetch;
  await expect(call()).rejects.toThrow();
  engine.fetch = fetch;
  return fetches;
}

describe("what a caller changes after a call changes nothing", () => {
  test("of its parameters", async () => {
    const parameters = { k: 1 };
    const asked = expectation(engine, { of: "x * 0 + k", under, samples, parameters });
    parameters.k = 5;
    expect((await asked).mean).toBe(1);
  });

  test("of where to stop", async () => {
    const until = { standardError: 1e-9 };
    const asked = expectation(engine, { of: "x", under, samples, until });
    until.standardError = 1;
    expect((await asked).samples).toBe(samples);
  });

  test("of a snapshot, whose checksum tells", async () => {
    const { snapshot } = await expectation(engine, { of: "x^2", under, samples: 131_072 });
    const saved = JSON.parse(JSON.stringify(snapshot));
    const asked = expectation(engine, { of: "x^2", under, samples: 131_072, resume: saved });
    saved.tallies[0].count = 1;
    await expect(asked).rejects.toThrow("damaged");
  });
});

describe("what is refused is refused before anything is drawn", () => {
  const control = { of: "x", mean: 0 };

  test("of snapshots, with a control variate too", async () => {
    const { snapshot } = await expectation(engine, { of: "exp(x)", under, samples: 131_072, control });
    const ask = (resume: unknown, offset = 0) => {
      const options = { of: "exp(x)", under, samples: 65_536, offset, control, resume: resume as typeof snapshot };
      return () => expectation(engine, options);
    };
    for (const call of [ask({}), ask(snapshot), ask(snapshot, 65_536)]) expect(await fetchesOf(call)).toBe(0);
  });

  test("of callbacks", async () => {
    const onProgress = 5 as unknown as () => void;
    const ladder = { of: "x", under, sizes: [16, 64], replicates: 8, onProgress };
    expect(await fetchesOf(() => varianceLadder(engine, ladder))).toBe(0);
    expect(await fetchesOf(() => expectation(engine, { of: "x", under, samples, onProgress }))).toBe(0);
  });
});

describe("signals", () => {
  test("are listened to while a batch is waited for, and not longer", async () => {
    const { signal } = new AbortController();
    let [now, most, ever] = [0, 0, 0];
    const counted = Object.assign(Object.create(signal), {
      addEventListener() {
        now += 1;
        ever += 1;
        most = Math.max(most, now);
      },
      removeEventListener() {
        now -= 1;
      },
    });
    Object.defineProperty(counted, "aborted", { get: () => false });
    await expectation(engine, { of: "x", under, samples: 10 * samples, signal: counted });
    expect([now, most]).toEqual([0, 1]);
    expect(ever).toBeGreaterThan(1);
  });

  test("stop an exact sum and draws of a gradient as well", async () => {
    const signal = AbortSignal.abort();
    const law = categorical({ probabilities: [0.5, 0.5] });
    await expect(expectation(engine, { of: "x", under: law, method: "exact", signal })).rejects.toThrow(/abort/i);
    const gradient = { of: "x", under: (mean: number) => normal(mean, 1), at: 0, estimator: "score", signal } as const;
    await expect(gradientDraws({ ...gradient, samples: 4_096 })).rejects.toThrow(/abort/i);
  });
});

test("estimates tells onProgress what it yields", async () => {
  const told: Estimate[] = [];
  const yielded: Estimate[] = [];
  const options = { of: "x", under, samples, onProgress: (estimate: Estimate) => told.push(estimate) };
  for await (const estimate of estimates(engine, options)) yielded.push(estimate);
  expect(yielded.length).toBeGreaterThan(0);
  expect(told).toEqual(yielded);
});

test("an option of undefined is one that is left out", async () => {
  const ladder = { of: "x", under, sizes: [16, 64], replicates: 8, randomisations: undefined };
  expect((await varianceLadder(engine, ladder)).rows).toHaveLength(2);
  expect(
    await replicates(engine, { of: "x", under, samples: 64, replicates: 2, until: undefined } as never),
  ).toHaveLength(2);
});

test("a ladder draws one pilot", async () => {
  let pilots = 0;
  const { fetch } = engine;
  engine.fetch = ((plan: { outputs: Record<string, { shape: readonly number[] }> }) => {
    pilots += 1;
    return fetch.call(engine, plan as never);
  }) as never;
  const sizes = [16, 64, 256];
  await varianceLadder(engine, { of: "exp(x)", under, sizes, replicates: 8, control: { of: "x", mean: 0 } });
  engine.fetch = fetch;
  expect(pilots).toBe(1 + sizes.length);
});
