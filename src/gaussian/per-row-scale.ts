import source from "../../shaders/gaussian/gaussian-per-row-scale.wgsl?raw";
import bits from "../../shaders/lib/gaussian-bits.wgsl?raw";
import factor from "../../shaders/lib/gaussian-factor.wgsl?raw";
import value from "../../shaders/lib/gaussian-value.wgsl?raw";
import { math } from "../arithmetic/math-wgsl.ts";
import { remember } from "../core/memo.ts";
import { defineKernel, grid, type Machine, type Pass, pass, type Range, specialise } from "../engine/plan.ts";
import { each, larger, rowsOfGroups, tree } from "../engine/wgsl-lines.ts";
import { distanceLines, layoutOfGroups, type RowGroups } from "./shared-scale.ts";

const kernels = new Map<string, ReturnType<typeof makeKernel>>();

function makeKernel(dimension: number, means: boolean) {
  return defineKernel({
    name: "gaussian-per-row-scale",
    code: `const D = ${dimension}u;\n${[math, bits, value, factor].join("\n")}${ownCode(dimension, means)}${source}`,
    bindings: { x: "read", mean: "read", spread: "read", y: "read_write", faults: "read_write" },
    params: { row_groups: "u32", run: "u32", threads: "u32", row: "u32", zero: "u32" },
  });
}

/** Rows with a spread each, a multiple of 4, and where their parameters are. */
export interface OwnScaleGroups extends RowGroups {
  readonly row: number;
  readonly mean: Range;
  readonly means: boolean;
  readonly spread: Range;
  readonly variances: boolean;
}

export function perRowScalePass(
  dimension: number,
  root: boolean,
  own: OwnScaleGroups,
  machine: Machine,
  where: string,
): Pass {
  const { groups, run, threads, width, constants } = layoutOfGroups(own.rows, machine);
  const kernel = remember(kernels, `${dimension} ${own.means}`, () => makeKernel(dimension, own.means));
  return pass(specialise(kernel, { ...constants, ROOT: root, VARIANCE: own.variances }), {
    bind: { x: own.x, mean: own.mean, spread: own.spread, y: own.y, faults: "faults" },
    params: { row_groups: groups, run, threads, row: own.row, zero: 0 },
    grid: grid(Math.ceil(threads / width), machine.limits, where),
  });
}

/** `group_read` and `group_form` for rows of `d` values, each with a spread of its own. */
function ownCode(d: number, means: boolean): string {
  const rows = (name: string, r: number) => rowsOfGroups(d, name, r);
  const times = (a: string, b: string) => `(${a} * ${b})`;
  const level = (r: number) => `group_level(${tree(rows("k", r), times)}, ${tree(rows("e", r))}, zero)`;
  const top = (r: number) =>
    tree(
      [...rows("b", r), ...rows("c", r)].map((word) => `(${word} & GAUSSIAN_MAGNITUDE)`),
      larger,
    );
  const centre = (k: number) =>
    means
      ? `mean[at + ${k}u]`
      : `bitcast<vec4<u32>>(vec4<f32>(${each(4, (l) => `own.m${(4 * k + l) % d}`).join(", ")}))`;
  const body = [
    "var wrong = vec4<u32>(GAUSSIAN_FINE);",
    ...each(d, (k) => [
      `let b${k} = x[at + ${k}u];`,
      `let c${k} = ${centre(k)};`,
      `let g${k} = spread[at + ${k}u];`,
      // From 2^-126 to 2^126, so that the reciprocal is a normal number too.
      `let f${k} = (g${k} >= vec4<u32>(0x00800000u)) & (g${k} <= vec4<u32>(0x7e800000u));`,
      `wrong = min(wrong, select(vec4<u32>(${each(4, (l) => `${4 * k + l}u`).join(", ")}), vec4<u32>(GAUSSIAN_FINE), f${k}));`,
      `let s${k} = select(vec4<u32>(0x3f800000u), g${k}, f${k});`,
      `let k${k} = bitcast<vec4<f32>>((s${k} & vec4<u32>(0x7fffffu)) | vec4<u32>(0x3f800000u));`,
      `let e${k} = vec4<f32>(vec4<i32>(s${k} & vec4<u32>(0x7f800000u)));`,
      `let z${k} = (bitcast<vec4<f32>>(b${k}) - bitcast<vec4<f32>>(c${k})) * group_rate(bitcast<vec4<f32>>(s${k}));`,
      `let q${k} = z${k} * z${k};`,
    ]).flat(),
    "group_complain(at, wrong);",
    "var tops = vec4<u32>(0u);",
    `if STRICT { tops = vec4<u32>(${each(4, top).join(", ")}); }`,
    ...distanceLines(d),
    `return vec4<u32>(${each(4, (r) => `gaussian_value(${tree(rows("q", r))}, ${level(r)}, tops.${"xyzw"[r]})`).join(", ")});`,
  ];
  const fields = means ? ["none: f32"] : each(d, (i) => `m${i}: f32`);
  const values = means ? ["0.0"] : each(d, (i) => `mean[${i}u]`);
  return `
alias Centre = ${means ? "vec4<u32>" : "f32"};

struct Own { ${fields.join(", ")} }

fn group_read() -> Own {
  return Own(${values.join(", ")});
}

fn group_form(at: u32, own: Own, zero: u32) -> vec4<u32> {
${body.map((line) => `  ${line}`).join("\n")}
}

`;
}
