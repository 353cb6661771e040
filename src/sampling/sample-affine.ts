import source from "../../shaders/sampling/affine-rows.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { defineKernel, grid, type Machine, type PlanOf, pass, specialise } from "../engine/plan.ts";
import { variable } from "../expression/expr.ts";
import { lowerUnchecked } from "../expression/program.ts";
import type { Integrand } from "./integrand.ts";
import { planSamples, type SampleReference, type SampleRequest } from "./sample-plan.ts";

const cpu = cpuWork(() => import("./cpu/sample-kernel.ts").then(({ sampleAffine }) => sampleAffine));

/** mean + matrix z of standard normals z, the matrix lower triangular. */
export interface Affine {
  readonly mean: readonly number[];
  readonly matrix: readonly (readonly number[])[];
}

/** The samples of an affine map of standard normals, with the map. */
export interface AffineReference extends SampleReference {
  /** The mean, then the matrix row by row. */
  readonly affine: Float32Array;
}

const WIDTH = 64;

const kernel = specialise(
  defineKernel({
    name: "affine-rows",
    code: [math, source].join("\n"),
    bindings: { affine: "read", z: "read", y: "read_write" },
    params: { rows: "u32", size: "u32", zero: "u32" },
  }),
  { WG: WIDTH },
);

/** Samples of an affine map of standard normals: the normals first, then the map. */
export function planAffineSamples(
  { mean, matrix }: Affine,
  wanted: SampleRequest,
  machine: Machine,
  where: string,
): PlanOf<"y"> {
  const size = mean.length;
  const { count } = wanted;
  const integrand = standardNormals(size);
  const normals = planSamples(integrand, [size], wanted, machine, where);
  const affine = Float32Array.from([mean, ...matrix].flat());
  return {
    ...normals,
    scratch: { z: 4 * count * size },
    uploads: { ...normals.uploads, affine },
    passes: normals.passes.flatMap((draw) => {
      // Each pass writes its rows of z, and the next maps them.
      const { offset, size: bytes } = draw.bind.y as { offset: number; size: number };
      const z = { buffer: "z", offset, size: bytes };
      const rows = bytes / 4 / size;
      const map = pass(kernel, {
        bind: { affine: "affine", z, y: { buffer: "y", offset, size: bytes } },
        params: { rows, size, zero: 0 },
        grid: grid(Math.ceil((rows * size) / WIDTH), machine.limits, where),
      });
      return [{ ...draw, bind: { ...draw.bind, y: z } }, map];
    }),
    cpu: cpu({ integrand, ...wanted, affine }),
  };
}

/** The variates of a normal vector: coordinate k is variate k. */
function standardNormals(size: number): Integrand {
  const program = lowerUnchecked(Array.from({ length: size }, (_, k) => variable(k)));
  const variates = new Array<"normal">(size).fill("normal");
  const tallies = { higher: false, products: [], peaks: [] };
  return { variates, program, parameters: [], draws: { kind: "random" }, tallies };
}
