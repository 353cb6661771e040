import { each, larger, tree } from "../engine/wgsl-lines.ts";

/** The shape of the code of rows in registers (shaders/lib/in-registers.wgsl). */
export interface InRegistersShape {
  readonly columns: number;
  /** Rows of a trip. */
  readonly group: number;
  /** Whether a trip's rows are whole vec4s. */
  readonly vec4s: boolean;
}

/** Whether a trip's results are whole vec4s, of rows as of the logits, of values four rows': how wide y's words are (lib/row/store-*.wgsl). */
export function storesVec4s({ group, vec4s }: InRegistersShape, writesRows: boolean): boolean {
  return vec4s && (writesRows || group === 4);
}

/**
 * The WGSL over a row of `columns` classes, every class a line of its own; `registers_row` gives a row of results
 * (`writesRows`) or one.
 */
export function inRegistersCode(shape: InRegistersShape, writesRows: boolean): string {
  const { columns, group } = shape;
  const names = each(columns, (c) => `c${c}`);
  return `
const COLUMNS = ${columns}u;
const GROUP = ${group}u;

struct Cells { ${names.map((name) => `${name}: u32`).join(", ")} }

fn cells_odd(v: Cells) -> bool {
  let positive = ${tree(
    names.map((name) => `bitcast<i32>(v.${name})`),
    larger,
  )};
  let negative = ${tree(
    names.map((name) => `v.${name}`),
    larger,
  )};
  return (positive >= 0x7f800000) | (negative > 0xff800000u);
}

fn cells_sum(v: Cells, own: Own) -> Sum {
${indented(sumLines(columns))}
}

${writesRows ? shareCode(columns) : ""}
fn registers_trip(trip: u32, own: Own, tally: ptr<function, Tally>) {
${indented(tripLines(shape, writesRows))}
}

`;
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join("\n");

/** The running maximum changes places with what it displaces, so that each class but one peak becomes a term. */
function sumLines(columns: number): readonly string[] {
  const others = each(columns - 1, (k) => k + 1);
  const peak = `m${columns - 1}`;
  const total = (terms: readonly string[]) => (terms.length > 0 ? tree(terms) : "0.0");
  return [
    "let m0 = bitcast<f32>(v.c0);",
    ...others.flatMap((k) => [
      `let x${k} = bitcast<f32>(v.c${k});`,
      `let h${k} = x${k} > m${k - 1};`,
      `let m${k} = select(m${k - 1}, x${k}, h${k});`,
      `let o${k} = select(x${k}, m${k - 1}, h${k});`,
    ]),
    ...others.flatMap((k) => [
      `let u${k} = registers_exponent(o${k}, ${peak}, own);`,
      `let e${k} = row_exp2(u${k}, own.zero);`,
    ]),
    `let rest = ${total(others.map((k) => `e${k}`))};`,
    "var slope = 0.0;",
    `if ENTROPY { slope = ${total(others.map((k) => `row_tilt(e${k}, u${k})`))} * MATH_LN2; }`,
    `return Sum(${peak}, rest, slope);`,
  ];
}

/** For kernels that write rows: numerators, and what is made of them. */
function shareCode(columns: number): string {
  const every = <T>(make: (c: number) => T) => each(columns, make);
  return `
struct Shares { peak: f32, sum: f32, ${every((c) => `e${c}: f32`).join(", ")} }

fn cells_shares(v: Cells, own: Own) -> Shares {
  let peak = ${tree(
    every((c) => `bitcast<f32>(v.c${c})`),
    (a, b) => `math_larger(${a}, ${b})`,
  )};
${indented(every((c) => `let e${c} = registers_share(bitcast<f32>(v.c${c}), peak, own);`))}
  return Shares(peak, ${tree(every((c) => `e${c}`))}, ${every((c) => `e${c}`).join(", ")});
}

fn cells_scaled(s: Shares, scale: f32) -> Cells {
  return Cells(${every((c) => `bitcast<u32>(s.e${c} * scale)`).join(", ")});
}

fn cells_logs(v: Cells, peak: f32, log_sum: f32, own: Own) -> Cells {
  return Cells(${every((c) => `registers_log(v.c${c}, peak, log_sum, own)`).join(", ")});
}

fn cells_gradient(s: Shares, id: u32, push: f32, pull: f32) -> Cells {
  let share = 1.0 / s.sum;
  let others = ${tree(every((c) => `select(s.e${c}, 0.0, id == ${c}u)`))};
  let scale = (push + pull) * share;
  let away = push * (others * share);
  let near = pull * share;
  return Cells(${every((c) => `bitcast<u32>(select(s.e${c} * scale, s.e${c} * near - away, id == ${c}u))`).join(", ")});
}
`;
}

function tripLines(shape: InRegistersShape, writesRows: boolean): readonly string[] {
  const { columns, group, vec4s } = shape;
  const words = (columns * group) / 4;
  /** Class `c` of the trip's row `r`. */
  const cell = (r: number, c: number) => {
    const k = r * columns + c;
    return vec4s ? `b${k >> 2}.${"xyzw"[k & 3]}` : `b${k}`;
  };
  const loads = vec4s
    ? ["let at = (own.base >> 2u) + trip * WORDS;", ...each(words, (k) => `let b${k} = row_load_word(at + ${k}u);`)]
    : ["let at = own.base + trip * own.stride;", ...each(columns, (k) => `let b${k} = row_load_one(at + ${k}u);`)];
  const rows = each(group, (r) => {
    const cells = each(columns, (c) => cell(r, c)).join(", ");
    return `let y${r} = registers_row(trip * GROUP + ${r}u, Cells(${cells}), own, tally);`;
  });
  const stores = writesRows ? rowStores(shape) : [`if !REDUCED { ${valueStores(shape).join(" ")} }`];
  return [...(vec4s ? [`const WORDS = ${words}u;`] : []), ...loads, ...rows, ...stores];
}

function rowStores({ columns, group, vec4s }: InRegistersShape): readonly string[] {
  const result = (k: number) => `y${Math.floor(k / columns)}.c${k % columns}`;
  if (!vec4s) {
    return [
      "let to = own.start + trip * COLUMNS;",
      ...each(columns, (k) => `row_store_one(to + ${k}u, ${result(k)});`),
    ];
  }
  const quad = (k: number) => `vec4<u32>(${each(4, (l) => result(4 * k + l)).join(", ")})`;
  return [
    "let to = (own.start >> 2u) + trip * WORDS;",
    ...each((columns * group) / 4, (k) => `row_store_word(to + ${k}u, ${quad(k)});`),
  ];
}

function valueStores(shape: InRegistersShape): readonly string[] {
  if (storesVec4s(shape, false)) return ["y[(own.first >> 2u) + trip] = vec4<u32>(y0, y1, y2, y3);"];
  return each(shape.group, (r) => `y[own.first + trip * GROUP + ${r}u] = y${r};`);
}
