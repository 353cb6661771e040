import blend from "../../../shaders/lib/blend.wgsl?raw";
import normalsQuad from "../../../shaders/lib/normals-quad.wgsl?raw";
import pointsSource from "../../../shaders/lib/points.wgsl?raw";
import fieldSource from "../../../shaders/robotics/transport-field.wgsl?raw";
import modesSource from "../../../shaders/robotics/transport-modes.wgsl?raw";
import startSource from "../../../shaders/robotics/transport-start.wgsl?raw";
import stepsSource from "../../../shaders/robotics/transport-steps.wgsl?raw";
import { elementaryWgsl } from "../../arithmetic/elementary-wgsl.ts";
import { math } from "../../arithmetic/math-wgsl.ts";
import { variates } from "../../arithmetic/variates-wgsl.ts";
import { type Constants, defineKernel, type Kernel, specialise } from "../../engine/plan.ts";
import type { GeneratorName } from "../../random/words.ts";
import { generatorWgsl } from "../../sampling/generator-wgsl.ts";
import { unrolled } from "./unroll.ts";

export const WIDTH = 64;

const EXP = elementaryWgsl(["exp"]);

const PLACE = {
  particles: "u32",
  skip: "u32",
  quad_lo: "u32",
  quad_hi: "u32",
  stream: "u32",
  seed_lo: "u32",
  seed_hi: "u32",
  into: "u32",
} as const;

/** What must be constant or written out in a kernel: arrays in registers have constant lengths. */
interface Form {
  readonly size: number;
  readonly rotated: boolean;
}

/** Forms with longer loops keep them: compilers take their time over thousands of lines. */
const MOST_COPIES = 64;

/** What a kernel is put together from: a shader in its form, and the source of the generator. */
interface Sources {
  readonly write: (source: string) => string;
  readonly generator: string;
}

/** Makes a kernel for each form and each source of the generator, once. */
function inForms<K extends Kernel>(make: (sources: Sources) => K): (form: Form, generator?: string) => K {
  const known = new Map<string, K>();
  return ({ size, rotated }, generator = "") => {
    const copies = (rotated ? size : 1) * size;
    const length = copies <= MOST_COPIES ? size : 0;
    const key = `${length} ${generator}`;
    const write = (source: string) => (length > 0 ? unrolled(source, length) : source);
    const kernel = known.get(key) ?? make({ write, generator });
    known.set(key, kernel);
    return kernel;
  };
}

const start = inForms(({ write, generator }) =>
  defineKernel({
    name: "transport-start",
    code: [math, generator, variates, pointsSource, normalsQuad, write(startSource)].join("\n"),
    bindings: { x: "read_write" },
    params: { ...PLACE, zero: "u32" },
  }),
);

const steps = inForms(({ write, generator }) =>
  defineKernel({
    name: "transport-steps",
    code: [math, generator, variates, EXP, pointsSource, normalsQuad, write(blend), write(stepsSource)].join("\n"),
    bindings: { maps: "read", axes: "read", x: "read_write", record: "read_write" },
    params: {
      ...PLACE,
      recording: "u32",
      beside: "u32",
      first: "u32",
      steps: "u32",
      components: "u32",
      zero: "u32",
    },
  }),
);

const field = inForms(({ write }) =>
  defineKernel({
    name: "transport-field",
    code: [math, EXP, pointsSource, write(blend), write(fieldSource)].join("\n"),
    bindings: { maps: "read", axes: "read", x: "read", y: "read_write" },
    params: { points: "u32", into: "u32", components: "u32", zero: "u32" },
  }),
);

const modes = inForms(({ write }) =>
  defineKernel({
    name: "transport-modes",
    code: [math, EXP, pointsSource, write(blend), write(modesSource)].join("\n"),
    bindings: { maps: "read", axes: "read", places: "read", x: "read", labels: "read_write", counts: "read_write" },
    params: { points: "u32", into: "u32", start: "u32", components: "u32", zero: "u32" },
  }),
);

function constants({ size, rotated }: Form, more: Constants = {}): Constants {
  return { WG: WIDTH, D: size, ROTATED: rotated, ...more };
}

/** The generator of a kernel, and whether it takes the form without integer shifts. */
export interface Drawing {
  readonly generator: GeneratorName;
  readonly slowShifts: boolean;
}

export function startKernel(size: number, { generator, slowShifts }: Drawing) {
  const source = generatorWgsl(generator, slowShifts);
  return specialise(start({ size, rotated: false }, source), { WG: WIDTH, D: size });
}

export function stepsKernel(form: Form, noisy: boolean, { generator, slowShifts }: Drawing) {
  const source = generatorWgsl(generator, slowShifts);
  return specialise(steps(form, source), constants(form, { NOISY: noisy }));
}

export function fieldKernel(form: Form) {
  return specialise(field(form), constants(form));
}

export function modesKernel(form: Form) {
  return specialise(modes(form), constants(form));
}
