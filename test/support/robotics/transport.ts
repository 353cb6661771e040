import type { Machine, Plan } from "../../../src/engine/plan.ts";
import { type Engine, mixture, multivariateNormal } from "../../../src/index.ts";
import { assignModes, diffusionTransport, flowTransport, velocityField } from "../../../src/robotics/index.ts";
import { planTransport } from "../../../src/robotics/transport/plan.ts";
import { diffusionRun } from "../../../src/robotics/transport/run.ts";

const STD = [0.2, 0.1, 0.15, 0.3, 0.1, 0.2, 0.25];
const MIDDLE = [0, 0.1, 0.2, -0.3, 0, 0.5, 0.4];

/** Two modes of a seven-dimensional action, 0.3 on the left and 0.7 on the right, apart in the first coordinate. */
export const bimodal = mixture(
  [0.3, 0.7],
  [-1, 1].map((place) => multivariateNormal({ mean: MIDDLE.map((x, c) => (c === 0 ? place : x)), std: STD })),
);

export const bimodalStd = STD;
export const bimodalMiddle = MIDDLE;

/** Three modes with axes of their own. */
export const rotated = mixture(
  [0.3, 0.5, 0.2],
  [
    multivariateNormal({
      mean: [-1, 0.1, 0.2],
      covariance: [
        [0.2, 0.05, 0.01],
        [0.05, 0.1, 0],
        [0.01, 0, 0.3],
      ],
    }),
    multivariateNormal({
      mean: [1, 0.1, -0.2],
      covariance: [
        [0.1, -0.02, 0.01],
        [-0.02, 0.1, 0.03],
        [0.01, 0.03, 0.2],
      ],
    }),
    multivariateNormal({ mean: [0, -1, 0.5], std: [0.3, 0.2, 0.1] }),
  ],
);

/** FNV-1a over the words of an array, 32 bits at a time, as eight hexadecimal digits. */
export function hashOf(values: Float32Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Hashes of `bimodal`'s samples with seed 1: of the first 2^12 and 2^16 particles and of all 2^20, which every engine has. */
export const HASHES = {
  flow: { first: "62f6c15f", few: "7a09314c", all: "a78d80b5" },
  diffusion: { first: "dbb6ce13", few: "442367ee", all: "4ef00b64" },
} as const;

export const FIRST = 2 ** 12;
export const FEW = 2 ** 16;

/** How many places of two arrays have other bits. */
export function differences(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [Float32Array.from(a), Float32Array.from(b)].map((values) => new Uint32Array(values.buffer));
  if (!x || !y || x.length !== y.length) return Number.NaN;
  return x.reduce((count, word, k) => count + (word === y[k] ? 0 : 1), 0);
}

/** An engine's front whose machine has other limits, and the kernels of other adapters. */
export function small(engine: Engine, maxStorageBufferBindingSize: number): Engine {
  return new Proxy(engine, {
    get(target, name) {
      if (name === "machine") {
        const { limits, slowShifts, ...machine } = target.machine;
        const { maxBufferSize, maxComputeWorkgroupsPerDimension, minStorageBufferOffsetAlignment } = limits;
        const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupStorageSize } = limits;
        const changed = {
          maxBufferSize,
          maxStorageBufferBindingSize,
          maxComputeWorkgroupsPerDimension,
          maxComputeInvocationsPerWorkgroup,
          maxComputeWorkgroupStorageSize,
          minStorageBufferOffsetAlignment,
        };
        return { ...machine, slowShifts: !slowShifts, limits: changed };
      }
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Plans of everything that transports particles: written out, turned, and with loops. */
export function transportPlans(machine: Machine): readonly Plan[] {
  const wide = multivariateNormal({ mean: new Array(32).fill(0), std: new Array(32).fill(1) });
  return [
    ...flowTransport.preparations(machine),
    ...diffusionTransport.preparations(machine),
    ...velocityField.preparations(machine),
    ...assignModes.preparations(machine),
    ...[rotated, wide].flatMap((target) =>
      planTransport(diffusionRun(target, { particles: 9, generator: "philox4x32-10" }), machine),
    ),
  ];
}
