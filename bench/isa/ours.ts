import type { Distribution } from "../../src/distributions/distribution.ts";
import { eventIntegrand } from "../../src/distributions/event.ts";
import { categorical, gamma, independent, normal, uniform } from "../../src/distributions/index.ts";
import { GPU_ALONE } from "../../src/engine/cpu/work.ts";
import { GIVEN, idealWords, judgeNumerics } from "../../src/engine/numerics-judge.ts";
import { definePlan, elements, type Machine, moduleOf, type Plan } from "../../src/engine/plan.ts";
import { plan as selfTest } from "../../src/engine/self-test.ts";
import { checkedCall } from "../../src/expectation/checked-call.ts";
import type { Method } from "../../src/expectation/estimate.ts";
import { exampleTensors } from "../../src/expectation/example.ts";
import { runOf } from "../../src/expectation/run.ts";
import * as library from "../../src/index.ts";
import { DEFAULT_GENERATOR } from "../../src/random/words.ts";
import * as robotics from "../../src/robotics/index.ts";
import { planPackMask } from "../../src/rows/mask.ts";
import { BLOCK_SAMPLES } from "../../src/sampling/integrand.ts";
import { planBatch } from "../../src/sampling/plan.ts";
import { planSamples } from "../../src/sampling/sample-plan.ts";
import { planBetweenFloats } from "../../test/support/gaussian/plans.ts";
import { everyPlan } from "../../test/support/house/every-plan.ts";
import type { Subject } from "./subject.ts";

/** A graphics card that does as IEEE 754 says: buffers as large as desktops have, and the workgroups that WebGPU promises, since engines ask for no more. */
const CARD: Machine = {
  software: false,
  subgroups: true,
  limits: {
    maxBufferSize: 2 ** 32,
    maxStorageBufferBindingSize: 2 ** 31,
    maxComputeWorkgroupsPerDimension: 65_535,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 16_384,
    minStorageBufferOffsetAlignment: 256,
  },
  numerics: judgeNumerics(idealWords(), GIVEN),
};

const SAMPLES = 2 ** 20;
const seven = independent(Array.from({ length: 7 }, () => normal(0, 0.3)));
const square = independent([uniform(-1, 1), uniform(-1, 1)]);

/** Expectations by what they ask for: one a way of drawing, the first those that peers can be asked for too. */
const expectations: readonly (readonly [
  name: string,
  of: string | readonly string[],
  under: Distribution,
  method?: Method,
])[] = [
  ["x² of a normal", "x^2", normal(0, 1)],
  ["eˣ of a normal", "exp(x)", normal(0, 1)],
  ["eˣ of a normal, antithetic", "exp(x)", normal(0, 1), "antithetic"],
  ["eˣ of a normal, stratified", "exp(x)", normal(0, 1), "stratified"],
  ["eˣ of a normal, Sobol", "exp(x)", normal(0, 1), "sobol"],
  ["e to the sum of 7 normals", "exp(x[0]+x[1]+x[2]+x[3]+x[4]+x[5]+x[6])", seven],
  ["a quarter circle's area", "x[0]^2 + x[1]^2 < 1", square],
  ["x of a gamma", "x", gamma(2.5, 1)],
  // Of more functions than workgroup memory has room for.
  ["24 powers of a normal", Array.from({ length: 24 }, (_, k) => `x^${k + 1}`), normal(0, 1)],
  ["x of a categorical", "x", categorical({ probabilities: [0.2, 0.3, 0.5] })],
];

const drawn: readonly (readonly [name: string, of: Distribution])[] = [
  ["samples of a normal", normal(0, 1)],
  ["samples of a gamma", gamma(2, 1)],
];

/** Every kernel of the library in the variants that a graphics card gets, once each. */
export async function ownKernels(): Promise<readonly Subject[]> {
  const named: [string, Plan][] = [["self-test", selfTest]];
  for (const [name, of, under, method = "independent"] of expectations)
    named.push([name, await batchOf(of, under, method)]);
  const address = { generator: DEFAULT_GENERATOR, seed: [0, 0], stream: 0 } as const;
  for (const [name, of] of drawn) {
    named.push([
      name,
      planSamples(eventIntegrand(of, name), [], { address, first: 0, count: SAMPLES }, CARD, "sample"),
    ]);
  }
  const short = everyPlan([65_536, 7], {}, CARD);
  const masked = everyPlan([64, 256], { mask: new Uint8Array(256).fill(1) }, CARD);
  const others = [...Object.values(short), ...Object.values(masked), planBetweenFloats(CARD), packedMask()];
  for (const plan of [...preparations(library), ...preparations(robotics), ...others, ...exampleTensors(CARD)]) {
    named.push([nameOf(plan), plan]);
  }
  const subjects = new Map<string, Subject>();
  const variants = new Map<string, number>();
  for (const [call, { passes }] of named) {
    for (const { kernel } of passes) {
      const code = moduleOf(kernel);
      if (subjects.has(code)) continue;
      const name = `${call} ${kernel.name}`;
      const variant = (variants.get(name) ?? 0) + 1;
      variants.set(name, variant);
      const kernelName = variant > 1 ? `${kernel.name} (${variant})` : kernel.name;
      subjects.set(code, { library: "surprisal", call, kernel: kernelName, code });
    }
  }
  return [...subjects.values()];
}

/** What packs a mask that is a tensor, as a plan of its own. */
function packedMask(): Plan {
  const outputs = { maskBits: { shape: [64, 256], dtype: "u32" } } as const;
  return definePlan({ name: "mask", outputs, passes: [planPackMask(64, 256, true, CARD.limits)], cpu: GPU_ALONE });
}

async function batchOf(of: string | readonly string[], under: Distribution, method: Method): Promise<Plan> {
  const call = checkedCall({ of, under, method, samples: SAMPLES, seed: 1 }, "expectation");
  const { integrand, address, replicates, draws } = await runOf(call);
  const blocks = Math.ceil(draws / BLOCK_SAMPLES);
  const tail = draws - (blocks - 1) * BLOCK_SAMPLES;
  const shifts = new Float32Array(replicates * integrand.program.outputs.length);
  return planBatch(integrand, { address, replicates, firstBlock: 0, blocks, skip: 0, tail, shifts }, CARD);
}

function nameOf({ name, outputs }: Plan): string {
  const [first] = Object.values(outputs).toSorted((a, b) => elements(b.shape) - elements(a.shape));
  return `${name} [${first?.shape.join(", ") ?? ""}]`;
}

/** Plans of whatever in a module can be prepared, its namespaces included. */
function preparations(module: Readonly<Record<string, unknown>>): readonly Plan[] {
  return Object.values(module).flatMap((value) => {
    if (typeof value === "function" && "preparations" in value) {
      return (value as unknown as { preparations(machine: Machine): readonly Plan[] }).preparations(CARD);
    }
    return isNamespace(value) ? preparations(value) : [];
  });
}

function isNamespace(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Module]";
}
