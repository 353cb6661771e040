import { each, larger, lowerOf, tree } from "../engine/wgsl-lines.ts";
import { conditionCode } from "./condition-code.ts";

/** What a row's matrix is: shared and already inverted, or the row's own, factorised or not. */
export type Spread = "whitening" | "scaleTril" | "covariance";

/**
 * The WGSL of `struct Own`, `small_read` and `small_row` (shaders/gaussian/gaussian-small.wgsl) for rows of `d` values, every
 * step of the factorisation a line of its own: registers cannot be indexed.
 */
export function smallCode(d: number, spread: Spread, meanPerRow: boolean): string {
  const own = ownFields(d, spread, meanPerRow);
  const body = [
    ...readRow(d, meanPerRow),
    ...(spread === "whitening" ? whiten(d) : factorise(d, spread)),
    `let q = ${tree(each(d, (i) => `z${i} * z${i}`))};`,
    "if ROOT {",
    ...each(
      Math.ceil(d / 4),
      (k) => `  let s${k} = vec4<f32>(${each(4, (l) => (4 * k + l < d ? `z${4 * k + l}` : "0.0")).join(", ")});`,
    ),
    `  let far = ${tree(each(Math.ceil(d / 4), (k) => `gaussian_far(s${k})`))};`,
    `  let near = ${tree(each(Math.ceil(d / 4), (k) => `gaussian_near(s${k})`))};`,
    "  y[row] = gaussian_distance(q, dot(far, vec4<f32>(1.0)), dot(near, vec4<f32>(1.0)), top);",
    "} else {",
    "  y[row] = gaussian_value(q, level, top);",
    "}",
    ...gradient(d, spread),
  ];
  return `
struct Own { ${own.map(({ name }) => `${name}: f32`).join(", ")} }

fn small_read() -> Own {
  return Own(${own.map(({ from }) => from).join(", ")});
}

fn small_row(row: u32, own: Own) {
${body.map((line) => `  ${line}`).join("\n")}
}

`;
}

interface Field {
  readonly name: string;
  readonly from: string;
}

/** What is the same for all rows: the mean, the whitening matrix row by row, and the level behind it. */
function ownFields(d: number, spread: Spread, meanPerRow: boolean): readonly Field[] {
  const means = meanPerRow ? [] : each(d, (i) => ({ name: `m${i}`, from: `bitcast<f32>(mean[${i}u])` }));
  const level = { name: "level", from: "0.0" };
  if (spread !== "whitening") return [level, ...means];
  const read = (k: number) => `bitcast<f32>(spread[${k}u])`;
  const matrix = lowerOf(d).map(([i, j], k) => ({ name: `w${i}_${j}`, from: read(k) }));
  return [{ name: "level", from: read(matrix.length) }, ...means, ...matrix];
}

/** Differences from the mean, 0 where one of the values is not finite: `top` then says what comes out. */
function readRow(d: number, meanPerRow: boolean): string[] {
  const tops = each(d, (i) => `(x${i} & GAUSSIAN_MAGNITUDE)`);
  const means = each(d, (i) => `(n${i} & GAUSSIAN_MAGNITUDE)`);
  return [
    `let at = row * ${d}u;`,
    ...each(d, (i) => `let x${i} = x[at + ${i}u];`),
    ...each(d, (i) => `let n${i} = ${meanPerRow ? `mean[at + ${i}u]` : `bitcast<u32>(own.m${i})`};`),
    `let top = ${tree([...tops, ...means], larger)};`,
    "let finite = top < GAUSSIAN_INFINITY;",
    ...each(d, (i) => `let d${i} = select(0.0, bitcast<f32>(x${i}) - bitcast<f32>(n${i}), finite);`),
  ];
}

function whiten(d: number): string[] {
  return [
    "let level = own.level;",
    ...each(d, (i) => `let z${i} = ${tree(each(i + 1, (j) => `own.w${i}_${j} * d${j}`))};`),
  ];
}

function factorise(d: number, spread: "scaleTril" | "covariance"): string[] {
  return [
    "let zero = params.zero;",
    `let from_ = row * ${d * d}u;`,
    "var fault = GAUSSIAN_FINE;",
    ...(spread === "covariance" ? readCovariance(d) : readScale(d)),
    ...each(
      d,
      (i) =>
        `let z${i} = ${minus(
          `d${i}`,
          each(i, (j) => `l${i}_${j} * z${j}`),
        )} * r${i};`,
    ),
    `let level = -(gaussian_log_determinant(${product(d)}, ${exponents(d)}, zero) * ${spread === "covariance" ? "0.5" : "1.0"} + ${d}.0 * MATH_HALF_LOG_TURN);`,
    ...(d > 1 ? conditionCode(d) : []),
    `if fault != GAUSSIAN_FINE { atomicMax(&faults[0], ~((params.row + row) * ${3 * d}u + fault)); }`,
  ];
}

/** a - (b + c + …), or a. */
function minus(a: string, terms: readonly string[]): string {
  return terms.length === 0 ? a : `(${a} - ${tree(terms)})`;
}

/** Reads both triangles, compares them, and factorises: l, the pivots p = l_kk^2, and r = 1 / l_kk. */
function readCovariance(d: number): string[] {
  const read = (i: number, j: number) => `let c${i}_${j} = spread[from_ + ${i * d + j}u];`;
  const all = each(d, (i) => each(d, (j) => `(c${i}_${j} & GAUSSIAN_MAGNITUDE)`)).flat();
  const a = (i: number, j: number) => `bitcast<f32>(c${i}_${j})`;
  const lines = [
    ...each(d, (i) => each(d, (j) => read(i, j))).flat(),
    `fault = select(fault, 0u, ${tree(all, larger)} >= GAUSSIAN_INFINITY);`,
    ...each(d, (i) => `let s${i} = sqrt(abs(${a(i, i)}));`),
  ];
  for (const [i, j] of lowerOf(d)) {
    if (i === j) continue;
    const wrong = `gaussian_asymmetric(${a(i, j)}, ${a(j, i)}, s${i} * s${j})`;
    lines.push(`fault = min(fault, select(GAUSSIAN_FINE, ${i}u, ${wrong}));`);
  }
  for (const k of each(d, (k) => k)) {
    lines.push(
      `let v${k} = ${minus(
        a(k, k),
        each(k, (j) => `l${k}_${j} * l${k}_${j}`),
      )};`,
    );
    lines.push(`fault = min(fault, select(${d + k}u, GAUSSIAN_FINE, v${k} > 0.0));`);
    lines.push(`let p${k} = select(1.0, v${k}, v${k} > 0.0);`);
    lines.push(`let r${k} = inverseSqrt(p${k});`);
    lines.push(`let l${k}_${k} = p${k} * r${k};`);
    for (let i = k + 1; i < d; i++) {
      lines.push(
        `let l${i}_${k} = ${minus(
          a(i, k),
          each(k, (j) => `l${i}_${j} * l${k}_${j}`),
        )} * r${k};`,
      );
    }
  }
  return lines;
}

/** Reads the lower triangle; p = l_kk, whose square is the pivot. */
function readScale(d: number): string[] {
  const lower = lowerOf(d);
  return [
    ...lower.map(([i, j]) => `let c${i}_${j} = spread[from_ + ${i * d + j}u];`),
    `fault = select(fault, 0u, ${tree(
      lower.map(([i, j]) => `(c${i}_${j} & GAUSSIAN_MAGNITUDE)`),
      larger,
    )} >= GAUSSIAN_INFINITY);`,
    ...lower.filter(([i, j]) => j < i).map(([i, j]) => `let l${i}_${j} = bitcast<f32>(c${i}_${j});`),
    ...each(d, (k) => [
      `let v${k} = bitcast<f32>(c${k}_${k});`,
      `fault = min(fault, select(${d + k}u, GAUSSIAN_FINE, v${k} > 0.0));`,
      `let l${k}_${k} = select(1.0, v${k}, v${k} > 0.0);`,
      `let p${k} = l${k}_${k};`,
      `let r${k} = 1.0 / p${k};`,
    ]).flat(),
  ];
}

/** The product of the p's mantissas; up to 2^16 for 16 of them. */
function product(d: number): string {
  return tree(
    each(d, (k) => `gaussian_mantissa(p${k})`),
    (a, b) => `(${a} * ${b})`,
  );
}

function exponents(d: number): string {
  return tree(each(d, (k) => `gaussian_exponent(p${k})`));
}

/** The gradient with respect to the mean, W^T z, and its negative, that with respect to x. */
function gradient(d: number, spread: Spread): string[] {
  const lines: string[] = [];
  for (let k = d - 1; k >= 0; k--) {
    const below = each(d - 1 - k, (i) => k + 1 + i);
    const value =
      spread === "whitening"
        ? tree([k, ...below].map((i) => `own.w${i}_${k} * z${i}`))
        : `${minus(
            `z${k}`,
            below.map((i) => `l${i}_${k} * o${i}`),
          )} * r${k}`;
    lines.push(`let o${k} = select(${value}, bitcast<f32>(GAUSSIAN_NAN ^ params.zero), !finite);`);
  }
  return [
    "if BY_X | BY_MEAN {",
    ...lines.map((line) => `  ${line}`),
    ...each(d, (i) => `  if BY_X { byx[at + ${i}u] = -o${i}; }`),
    ...each(d, (i) => `  if BY_MEAN { bymean[at + ${i}u] = o${i}; }`),
    "}",
  ];
}
