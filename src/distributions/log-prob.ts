import source from "../../shaders/distributions/log-prob.wgsl?raw";
import coordinates from "../../shaders/lib/coordinates.wgsl?raw";
import { elementaryWgsl } from "../arithmetic/elementary-wgsl.ts";
import { math } from "../arithmetic/math-wgsl.ts";
import { InputError } from "../core/errors.ts";
import { cpuWork } from "../engine/cpu/work.ts";
import { KernelCache } from "../engine/kernel-cache.ts";
import {
  defineKernel,
  definePlan,
  elements,
  grid,
  type Kernel,
  type Machine,
  type Operand,
  type PlanOf,
  pass,
  showShape,
  specialise,
} from "../engine/plan.ts";
import type { Tensor } from "../engine/tensor.ts";
import { call, type Expr, number, parameter, variable } from "../expression/expr.ts";
import { lowerUnchecked, type Program, signature } from "../expression/program.ts";
import { add, select, sub } from "../expression/simplify.ts";
import { emitProgram } from "../expression/wgsl.ts";
import { gaussianLogDensity } from "../gaussian/gaussian.ts";
import type { Distribution, ScalarDistribution, Support } from "./distribution.ts";
import { LOG_ZERO } from "./formulas.ts";
import { allOf, withinBounds } from "./inside.ts";
import { blocksOf, prefixedFormula, prefixedParameters, sizeOf } from "./parts.ts";
import { Rewriter } from "./rewriting/rewriter.ts";
import type { Coordinate } from "./rewriting/rewriting.ts";
import { tooLong } from "./too-long.ts";

const cpu = cpuWork(async () => ({ reference: (await import("./cpu/log-prob.ts")).logProbReference }));

/** The log-density and its state, as one program over a point's coordinates. */
interface Density {
  readonly program: Program;
  /** In the program's order. */
  readonly parameters: readonly number[];
  /** Coordinates of a point: the program's first variables; as many are the logarithms of their sizes. */
  readonly size: number;
}

/** The density, and how many points the CPU engine computes it at. */
export interface LogProbReference extends Density {
  readonly rows: number;
}

/** Log-densities of the rows of x: f32 `[...]` for distributions of numbers, `[..., size]` for those of vectors. */
export function logProbOfRows(distribution: Distribution, x: Tensor): Tensor {
  const where = `${distribution.name}.logProb`;
  const { shape } = distribution;
  if (x.dtype !== "f32" || (shape.length === 1 && x.shape.at(-1) !== shape[0])) {
    const needed = shape.length === 0 ? "[...]" : `[..., ${shape[0]}]`;
    throw new InputError(`${where}: x must be an f32 tensor ${needed}, got ${showShape(x)}`);
  }
  const { affine } = distribution.model;
  if (affine && affine.mean.length > MOST_IN_FORMULAS) {
    return gaussianLogDensity(x, { mean: affine.mean, scaleTril: affine.matrix });
  }
  const density = densityOf(distribution, where);
  const leading = shape.length === 0 ? x.shape : x.shape.slice(0, -1);
  return x.engine.run(planLogProb(density, x, leading, x.engine.machine, where), { x }).y;
}

/** Dimensions of a normal vector whose formula still compiles at once. */
const MOST_IN_FORMULAS = 16;

/** A distribution's density as a program. */
export function densityOf(distribution: Distribution, where: string): Density {
  const size = distribution.support.length;
  const { value, state, parameters: values } = statedOf(distribution, "", 0);
  const coordinates = Array.from(
    { length: size },
    (_, k): Coordinate => ({
      value: variable(k),
      log: { origin: 0, scale: 1, unit: variable(size + k) },
      faithful: true,
    }),
  );
  const rewriter = new Rewriter(coordinates, values);
  const program = lowerUnchecked(
    [rewriter.rewrite(value), rewriter.rewrite(state)],
    where,
    undefined,
    tooLong(distribution),
  );
  const given: Readonly<Record<string, number>> = { ...values, ...rewriter.parameters };
  const parameters = program.parameters.map((name) => given[name] ?? Number.NaN);
  return { program, parameters, size };
}

/** A log-density that is always a number, and in its place a word for what is none. */
interface Stated {
  readonly value: Expr;
  /** 1 where the value holds, 0 for -Infinity, 2 for Infinity, 3 where the density has no limit. */
  readonly state: Expr;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Of the coordinates from `start` on; the parameters' names start with `prefix`. */
function statedOf(distribution: Distribution, prefix: string, start: number): Stated {
  const blocks = blocksOf(distribution);
  if (blocks) return sideBySide(blocks, prefix, start);
  const { model, shape } = distribution;
  const bounds: Record<string, number> = {};
  const value = prefixedFormula(model.logDensity, prefix, (index) => variable(start + index));
  const inside = insideOf(distribution, `${prefix}support`, start, bounds);
  const state = isShort(distribution.support) ? both(inside, call("gt", value, number(IMPOSSIBLE))) : inside;
  const parameters = { ...prefixedParameters(model, prefix), ...bounds };
  const plain = { value, state, parameters };
  if (shape.length === 0) return withEnds(plain, distribution as ScalarDistribution, prefix, start);
  return withShares(plain, distribution.support, start);
}

/** The same with what is known of the density where shares are 0. */
function withShares(plain: Stated, support: readonly Support[], start: number): Stated {
  const zeros = (atZero: "none" | "infinite") => {
    const found = support.flatMap((own, k) => {
      if (own.kind !== "shares" || own.atZero !== atZero) return [];
      return [call("eq", variable(start + k), number(0))];
    });
    return found.reduce<Expr>((a, b) => call("or", a, b), number(0));
  };
  if (!support.some(({ kind }) => kind === "shares")) return plain;
  const crowding = support.flatMap((own, k) =>
    own.kind === "shares" && own.atZeros
      ? [select(call("eq", variable(start + k), number(0)), number(1), number(0))]
      : [],
  );
  const isCrowded = call(
    "gt",
    crowding.reduce<Expr>((a, b) => call("add", a, b), number(0)),
    number(1.5),
  );
  const [one, nothing] = [zeros("infinite"), zeros("none")];
  const pole = crowding.length > 0 ? call("or", one, isCrowded) : one;
  const ends = select(pole, select(nothing, number(3), number(2)), select(nothing, number(0), number(1)));
  return { ...plain, state: select(plain.state, ends, number(0)) };
}

/** Log-masses of short lists of whole numbers end long before this: what is below stands for the logarithm of 0. */
const IMPOSSIBLE = LOG_ZERO / 2;

function isShort(support: readonly Support[]): boolean {
  return support.every(({ kind, high }) => kind === "integers" && high <= 2 ** 24);
}

/** The sum of blocks' log-densities, -Infinity where one is. */
function sideBySide(blocks: readonly Distribution[], prefix: string, start: number): Stated {
  let next = start;
  const parts = blocks.map((block, k) => {
    const own = statedOf(block, `${prefix}d${k}_`, next);
    next += sizeOf(block);
    return own;
  });
  return {
    value: parts.map(({ value }) => value).reduce(add),
    state: parts.map((part) => part.state).reduce(together),
    parameters: Object.assign({}, ...parts.map((part) => part.parameters)),
  };
}

/** The state of a sum. */
function together(a: Expr, b: Expr): Expr {
  const none = call("or", call("eq", a, number(0)), call("eq", b, number(0)));
  return select(none, number(0), call("max", a, b));
}

/**
 * The same with the values at the ends of the support taken from the host: a formula that has log(x) in it gives no limit there. They
 * are parameters, finite ones too, so that other values need no new shader.
 */
function withEnds(plain: Stated, distribution: ScalarDistribution, prefix: string, at: number): Stated {
  const ends = endsOf(distribution);
  return ends.reduce(({ value, state, parameters }, end, k): Stated => {
    const name = (what: string) => `${prefix}end_${k}.${what}`;
    const here = call("eq", variable(at), parameter(name("at")));
    // The end as an f32, which may lie inside or outside.
    const rounded = Math.fround(end);
    const inside = distribution.logProb(rounded);
    const found = inside === Number.NEGATIVE_INFINITY ? distribution.logProb(end) : inside;
    const own = Number.isFinite(found) ? 1 : found > 0 ? 2 : 0;
    return {
      value: select(here, parameter(name("value")), value),
      state: select(here, parameter(name("state")), state),
      parameters: {
        ...parameters,
        [name("at")]: rounded,
        [name("value")]: own === 1 ? found : 0,
        [name("state")]: own,
      },
    };
  }, plain);
}

/** The finite ends of a density's interval, and of those that it mixes. */
function endsOf({ parts, support }: Distribution): readonly number[] {
  const own = support.flatMap(({ kind, low, high }) => (kind === "interval" ? [low, high] : []));
  const all = parts ? parts.flatMap(endsOf) : own.filter(Number.isFinite);
  return [...new Set(all)];
}

/** Whether x is in the support: in that of a part, where the distribution is a mixture, each of whose supports may have gaps between. */
function insideOf({ parts, support }: Distribution, name: string, start: number, bounds: Record<string, number>): Expr {
  if (parts) {
    return parts.map((part, k) => insideOf(part, `${name}_${k}`, start, bounds)).reduce((a, b) => call("or", a, b));
  }
  // Bounds become parameters, so that other bounds need no new shader. They are rounded as samples are: one at the end is inside.
  const between = withinBounds(
    support,
    (end, bound, c) => {
      if (!Number.isFinite(bound)) return undefined;
      bounds[`${name}_${c}.${end}`] = Math.fround(bound);
      return parameter(`${name}_${c}.${end}`);
    },
    start,
  );
  return allOf([...between, ...support.flatMap((own, c) => ofKind(own, start + c))]) ?? number(1);
}

/** What a coordinate's kind asks of x besides its bounds. */
function ofKind(support: Support, at: number): readonly Expr[] {
  const x = variable(at);
  if (support.kind === "integers") return [call("eq", call("floor", x), x)];
  return support.kind === "shares" && support.place === 0 ? [wholeOf(at, support.count)] : [];
}

/** How far from 1 shares may add up to, which the roundings of some hundred f32 numbers and of their sum explain. */
const SLACK = 1e-5;

/** Whether `count` coordinates add up to 1. */
function wholeOf(first: number, count: number): Expr {
  const shares = Array.from({ length: count }, (_, k) => variable(first + k));
  return call("le", call("abs", sub(shares.reduce(add), number(1))), number(SLACK));
}

function both(a: Expr, b: Expr): Expr {
  return call("and", a, b);
}

const WIDTH = 64;
/** Rows of a pass start where a binding may start, whatever a row's size. */
const ROW_STEP = 64;

export function planLogProb(
  density: Density,
  x: Operand,
  leading: readonly number[],
  machine: Machine,
  where: string,
): PlanOf<"y"> {
  const { size } = density;
  const rows = elements(leading);
  const kernel = kernelOf(density);
  const most = Math.floor(machine.limits.maxStorageBufferBindingSize / (4 * size) / ROW_STEP) * ROW_STEP;
  const starts = Array.from({ length: Math.ceil(rows / most) }, (_, k) => k * most);
  const parameters = Float32Array.from(density.parameters.length > 0 ? density.parameters : [0]);
  return definePlan({
    name: where,
    outputs: { y: { shape: leading, dtype: "f32" } },
    uploads: { parameters },
    passes: starts.map((start) => {
      const count = Math.min(most, rows - start);
      return pass(kernel, {
        bind: {
          parameters: "parameters",
          x: { buffer: "x", offset: x.byteOffset + start * size * 4, size: count * size * 4 },
          y: { buffer: "y", offset: start * 4, size: count * 4 },
        },
        params: { rows: count, zero: 0 },
        grid: grid(Math.ceil(count / WIDTH), machine.limits, where),
      });
    }),
    cpu: cpu({ ...density, rows }),
  });
}

type DensityKernel = Kernel<"parameters" | "x" | "y", "rows" | "zero">;

const kernels = new KernelCache<DensityKernel>();

function kernelOf(density: Density): DensityKernel {
  const { program, size } = density;
  return kernels.get(`${size}\n${signature(program)}`, () => {
    const { code, functions } = emitProgram(program, "density");
    const kernel = defineKernel({
      name: "log-prob",
      code: [
        math,
        elementaryWgsl(new Set([...functions, "log"])),
        coordinates,
        code,
        emitDensityOf(density),
        source,
      ].join("\n"),
      bindings: { parameters: "read", x: "read", y: "read_write" },
      params: { rows: "u32", zero: "u32" },
    });
    return specialise(kernel, { WG: WIDTH, SIZE: size });
  });
}

function emitDensityOf({ program: { variables, parameters }, size }: Density): string {
  const xs = Array.from({ length: variables }, (_, c) =>
    c < size ? `value_of(x[row * SIZE + ${c}u])` : `log_size_of(x[row * SIZE + ${c - size}u], params.zero)`,
  );
  const given = parameters.map((_, k) => `parameters[${k}u]`).join(", ");
  const args = [...xs, ...(parameters.length > 0 ? [`density_In(${given})`] : []), "params.zero"];
  return `
fn density_of(row: u32) -> vec2<f32> {
  let found = density(${args.join(", ")});
  return vec2<f32>(found.y0, found.y1);
}`;
}
