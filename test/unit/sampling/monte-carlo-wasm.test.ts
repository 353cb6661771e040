import { describe, expect, test } from "vitest";
import { cores } from "../../../src/engine/cpu/cores.ts";
import type { PlanOf } from "../../../src/engine/plan.ts";
import { type Distribution, Engine, expectation, replicates } from "../../../src/index.ts";
import { parcelsOf } from "../../../src/sampling/cpu/batch.ts";
import { expectationReference } from "../../../src/sampling/cpu/expectation.ts";
import type { BatchReference } from "../../../src/sampling/plan.ts";
import { scalars, vectors } from "../../support/distributions/sampled.ts";
import { type Options, PROBLEMS, standard } from "../../support/expectation/expectation.ts";

/** Records of a batch from WebAssembly on this thread. */
function recordsOf(reference: BatchReference, parts: number): Uint32Array {
  const { module, parcels } = parcelsOf(reference, parts);
  const outputs = parcels.map((parcel) => cores().runApartHere(module, "units", parcel));
  return new Uint32Array(Uint8Array.from(outputs.flatMap((bytes) => [...bytes])).buffer);
}

/** Runs `work` on an engine of plain JavaScript, and gives the batches that it was asked for. */
async function batchesOf(work: (engine: Engine) => Promise<unknown>): Promise<readonly BatchReference[]> {
  const engine = await Engine.create({ backend: "cpu" });
  const batches: BatchReference[] = [];
  const spy = new Proxy(engine, {
    get(target, name) {
      if (name === "fetch") {
        return async (plan: PlanOf<"sums">) => {
          batches.push(plan.cpu.options as BatchReference);
          return expectationReference(plan.cpu.options as BatchReference).outputs;
        };
      }
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await work(spy);
  engine.dispose();
  return batches;
}

/** NaN has many bits, and which it has nobody promises. */
function expectEqual(got: Uint32Array, want: Uint32Array): void {
  const [a, b] = [new Float32Array(got.buffer), new Float32Array(want.buffer)];
  expect(got.length).toBe(want.length);
  const differ = [...got].flatMap((word, k) => {
    const same = word === want[k] || (Number.isNaN(a[k]) && Number.isNaN(b[k]));
    return same ? [] : [`${k}: ${a[k]} (${word.toString(16)}) for ${b[k]} (${want[k]?.toString(16)})`];
  });
  expect(differ.slice(0, 8)).toEqual([]);
}

async function agrees(work: (engine: Engine) => Promise<unknown>): Promise<void> {
  const batches = await batchesOf(work);
  expect(batches.length).toBeGreaterThan(0);
  for (const batch of batches) {
    const want = expectationReference(batch).outputs.sums as Uint32Array;
    expectEqual(recordsOf(batch, 1), want);
    expectEqual(recordsOf(batch, 3), want);
  }
}

describe("WebAssembly has the bits of JavaScript's records", () => {
  test.each(PROBLEMS.map(({ name, step, options }) => [name, step, options] as const))(
    "%s",
    async (_, step, options) => {
      await agrees((engine) => expectation(engine, { ...options, samples: 1_300 * 16, seed: 11 } as Options));
      await agrees((engine) => expectation(engine, { ...options, samples: step * 48, seed: 2 ** 40 + 3 } as Options));
      await agrees((engine) => replicates(engine, { ...options, samples: 80 * 16, replicates: 5, seed: 4 } as never));
    },
  );

  test("offsets, ragged ends and large indices", async () => {
    for (const [offset, samples] of [
      [1, 1],
      [3, 70_000],
      [65_535, 2],
      [2 ** 34 - 65_536 * 2, 65_536 * 3],
      [2 ** 40 + 5, 4_099],
    ] as const) {
      await agrees((engine) => expectation(engine, { of: ["x^2", "exp(x)"], under: standard, offset, samples }));
    }
  });

  const families: readonly (readonly [string, Distribution, readonly string[]])[] = [
    ...scalars.map((d) => [d.name, d, ["x", "x^2"]] as const),
    ...vectors.map(([d]) => [d.name, d, ["x[0]", "x[0] * x[1]"]] as const),
  ];
  test.each(families)("under %s", async (_, under, of) => {
    await agrees((engine) => expectation(engine, { of, under, samples: 5_000, seed: 7 } as Options));
  });
});
