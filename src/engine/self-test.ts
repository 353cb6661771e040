import source from "../../shaders/engine/numerics.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { variatesWith } from "../arithmetic/variates-wgsl.ts";
import type { Backend } from "./backend.ts";
import { GPU_ALONE } from "./cpu/work.ts";
import { type Numerics, TRIPS, unknownNumerics } from "./numerics.ts";
import { COUNT, GIVEN, judgeNumerics, PROBES } from "./numerics-judge.ts";
import { defineKernel, type PlanOf, pass, specialise } from "./plan.ts";

export const kernel = specialise(
  defineKernel({
    name: "numerics",
    code: [math, variatesWith(["exp", "log"]), source].join("\n"),
    bindings: { given: "read", words: "read_write", copied: "read_write" },
    params: { zero: "u32", trips: "u32" },
  }),
  Object.fromEntries([["COUNT", COUNT], ...PROBES.map((probe, k) => [constantOf(probe), k])]),
);

/** BUILTIN_EXP for builtinExp. */
function constantOf(probe: string): string {
  return probe.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

export const plan: PlanOf<"words" | "copied"> = {
  name: "numerics",
  outputs: {
    words: { shape: [PROBES.length, COUNT], dtype: "u32" },
    copied: { shape: [COUNT], dtype: "u32" },
  },
  arenas: {},
  scratch: {},
  uploads: { given: GIVEN },
  clears: ["words", "copied"],
  checks: [],
  passes: [
    pass(kernel, {
      bind: { given: "given", words: "words", copied: "copied" },
      params: { zero: 0, trips: TRIPS },
      grid: [COUNT / 64, 1],
    }),
  ],
  cpu: GPU_ALONE,
};

/** Has the machine compute, and judges its arithmetic; a test that cannot run is a finding, not an error. */
export async function testNumerics(backend: Backend): Promise<Numerics> {
  try {
    const { words, copied } = await inTime(backend.fetch(plan, {}));
    if (!(words instanceof Uint32Array) || !(copied instanceof Uint32Array)) throw new Error("it gave no words");
    // A machine on which nothing at all ran would otherwise be told from a poor one by nothing.
    if (words.every((word) => word === 0)) throw new Error("it wrote nothing");
    return judgeNumerics(words, copied);
  } catch (error) {
    return unknownNumerics(`The self-test could not run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Milliseconds that the test may take, much more than it should. */
const PATIENCE = 10_000;

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${PATIENCE / 1_000} s`)), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
