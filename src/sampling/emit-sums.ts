import { type Integrand, outputsOf, type RecordLayout, recordLayout } from "./integrand.ts";

/**
 * The sums of a run about its shifts. `Sums` are those of quads, four samples at a time; `LaneSums` are those of the samples of
 * one of the four lanes.
 */
export function emitSums(integrand: Integrand, strict: boolean): string {
  const { tallies } = integrand;
  const outputs = outputsOf(integrand);
  const layout = recordLayout(outputs, tallies);
  const terms = sumTerms(outputs, tallies);
  const all = Array.from({ length: outputs }, (_, k) => k);
  const peaks = tallies.peaks.map((k, index) => ({ k, name: `m${index}`, word: layout.peak(index) }));
  // Where the sums cannot be trusted to show a value that is not finite, each value's bits are looked at.
  const keptOf = (k: number) => (strict ? `vec4<bool>(keep) & finite4(quad.y${k})` : "vec4<bool>(keep)");
  const mad4: Mad = (a, b, c) => `mad4(${a}, ${b}, ${c}, zero)`;
  const mad1: Mad = (a, b, c) => `math_mad(${a}, ${b}, ${c}, zero)`;
  /** What becomes of each sum of LaneSums, by its name. */
  const lanes = (sum: (name: string) => string, peak: (name: string) => string, count: (name: string) => string) =>
    [
      ...terms.map(({ name }) => sum(name)),
      ...peaks.map(({ name }) => peak(name)),
      ...all.map((k) => count(`n${k}`)),
    ].join(",\n    ");
  const laneOf = (j: number) =>
    lanes(
      (name) => `(*sums).${name}[${j}]`,
      (name) => `(*sums).${name}[${j}]`,
      (name) => (strict ? `(*sums).${name}[${j}]` : "0u"),
    );
  const four = (of: (j: number) => string) => `vec4<f32>(${[0, 1, 2, 3].map(of).join(", ")})`;
  return `
const RECORD_WORDS = ${layout.words}u;
struct Shifts { ${outputNames(outputs, (k) => `y${k}: f32`)} }
fn shifts_at(replicate: u32) -> Shifts {
  return Shifts(${outputNames(outputs, (k) => `shifts[replicate * ${outputs}u + ${k}u]`)});
}
fn finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }
fn finite4(x: vec4<f32>) -> vec4<bool> {
  return (bitcast<vec4<u32>>(x) & vec4<u32>(0x7f800000u)) != vec4<u32>(0x7f800000u);
}
fn mad4(a: vec4<f32>, b: vec4<f32>, c: vec4<f32>, zero: u32) -> vec4<f32> {
  return vec4<f32>(
    math_mad(a.x, b.x, c.x, zero),
    math_mad(a.y, b.y, c.y, zero),
    math_mad(a.z, b.z, c.z, zero),
    math_mad(a.w, b.w, c.w, zero),
  );
}
fn fold4(x: vec4<f32>) -> f32 { return (x.x + x.y) + (x.z + x.w); }
fn peak4(x: vec4<f32>) -> f32 { return math_larger(math_larger(x.x, x.y), math_larger(x.z, x.w)); }
struct Sums {
  ${[
    ...terms.map(({ name }) => `${name}: vec4<f32>,`),
    ...peaks.map(({ name }) => `${name}: vec4<f32>,`),
    ...(strict ? all.map((k) => `n${k}: vec4<u32>,`) : []),
  ].join("\n  ")}
}
struct LaneSums {
  ${[
    ...terms.map(({ name }) => `${name}: f32,`),
    ...peaks.map(({ name }) => `${name}: f32,`),
    ...all.map((k) => `n${k}: u32,`),
  ].join("\n  ")}
}
fn sums_quad(sums: ptr<function, Sums>, quad: Quad, shift: Shifts, keep: bool) {
  let zero = params.zero;
  ${[
    ...all.map((k) => `let d${k} = select(vec4<f32>(0.0), quad.y${k} - vec4<f32>(shift.y${k}), ${keptOf(k)});`),
    ...all.map((k) => `let s${k} = d${k} * d${k};`),
    ...terms.map(({ name, added }) => `(*sums).${name} = ${added(`(*sums).${name}`, mad4)};`),
    ...peaks.map(
      ({ k, name }) =>
        `(*sums).${name} = math_larger4((*sums).${name}, select(vec4<f32>(0.0), quad.y${k}, ${keptOf(k)}));`,
    ),
    ...(strict
      ? all.map(
          (k) => `(*sums).n${k} += select(vec4<u32>(0u), vec4<u32>(1u), vec4<bool>(keep) & !finite4(quad.y${k}));`,
        )
      : []),
  ].join("\n  ")}
}
fn sums_join(sums: ptr<function, Sums>, part: ptr<function, Sums>) {
  ${[
    ...terms.map(({ name }) => `(*sums).${name} += (*part).${name};`),
    ...peaks.map(({ name }) => `(*sums).${name} = math_larger4((*sums).${name}, (*part).${name});`),
    ...(strict ? all.map((k) => `(*sums).n${k} += (*part).n${k};`) : []),
  ].join("\n  ")}
}
fn sums_lanes(sums: ptr<function, Sums>) -> array<LaneSums, 4> {
  return array<LaneSums, 4>(${[0, 1, 2, 3].map((j) => `LaneSums(\n    ${laneOf(j)})`).join(", ")});
}
fn lane_added(sums: LaneSums, lane: Lane, shift: Shifts, keep: bool) -> LaneSums {
  let zero = params.zero;
  ${[
    ...all.map((k) => `let d${k} = select(0.0, lane.y${k} - shift.y${k}, keep & finite(lane.y${k}));`),
    ...all.map((k) => `let s${k} = d${k} * d${k};`),
  ].join("\n  ")}
  return LaneSums(
    ${[
      ...terms.map(({ name, added }) => added(`sums.${name}`, mad1)),
      ...peaks.map(({ k, name }) => `math_larger(sums.${name}, select(0.0, lane.y${k}, keep & finite(lane.y${k})))`),
      ...all.map((k) => `sums.n${k} + select(0u, 1u, keep & !finite(lane.y${k}))`),
    ].join(",\n    ")});
}
fn lanes_joined(a: LaneSums, b: LaneSums) -> LaneSums {
  return LaneSums(
    ${lanes(
      (name) => `a.${name} + b.${name}`,
      (name) => `math_larger(a.${name}, b.${name})`,
      (name) => `a.${name} + b.${name}`,
    )});
}
fn lanes_finite(lanes: array<LaneSums, 4>) -> bool {
  return ${strict ? "true" : all.map((k) => `finite(fold4(${four((j) => `lanes[${j}].b${k}`)}))`).join(" & ")};
}
fn record_store(item: u32, lanes: array<LaneSums, 4>, count: u32) {
  let at = item * RECORD_WORDS;
  ${[
    ...terms.map(
      ({ name, word }) => `runs[at + ${word(layout)}u] = bitcast<u32>(fold4(${four((j) => `lanes[${j}].${name}`)}));`,
    ),
    ...peaks.map(
      ({ name, word }) => `runs[at + ${word}u] = bitcast<u32>(peak4(${four((j) => `lanes[${j}].${name}`)}));`,
    ),
    ...all.map(
      (k) => `runs[at + ${layout.nonFinite(k)}u] = ${[0, 1, 2, 3].map((j) => `lanes[${j}].n${k}`).join(" + ")};`,
    ),
  ].join("\n  ")}
  runs[at + ${layout.count}u] = count;
}`;
}

/** What expectation-groups.wgsl needs: the sums of a run's groups, added up in order, and samples that go from one invocation to another. */
export function emitGroups(integrand: Integrand): string {
  const { tallies } = integrand;
  const outputs = outputsOf(integrand);
  const all = Array.from({ length: outputs }, (_, k) => k);
  const four = (type: string, name: string) =>
    `vec4<${type}>(${[0, 1, 2, 3].map((j) => `(*lanes)[${j}].${name}`).join(", ")})`;
  const joined = [
    ...sumTerms(outputs, tallies).map(({ name }) => `sum_of_groups(${four("f32", name)}, local)`),
    ...tallies.peaks.map((_, index) => `peak_of_groups(${four("f32", `m${index}`)}, local)`),
    ...all.map((k) => `count_of_groups(${four("u32", `n${k}`)}, local)`),
  ];
  return `
fn groups_joined(lanes: ptr<function, array<LaneSums, 4>>, local: u32) -> LaneSums {
  ${joined.map((sum, k) => `let v${k} = ${sum};`).join("\n  ")}
  return LaneSums(${joined.map((_, k) => `v${k}`).join(", ")});
}
fn lanes_share(local: u32, lanes: ptr<function, array<Lane, 4>>) {
  ${all.map((k) => `shared_words[${k}u * WG + local] = bitcast<vec4<u32>>(${four("f32", `y${k}`)});`).join("\n  ")}
}
fn lane_shared(local: u32, j: u32) -> Lane {
  return Lane(${all.map((k) => `bitcast<f32>(shared_words[${k}u * WG + local][j])`).join(", ")});
}`;
}

/** Bytes of workgroup memory that expectation-groups.wgsl takes for so many runs. */
export function groupsMemory(integrand: Integrand, runs: number): number {
  const outputs = outputsOf(integrand);
  const lanes = recordLayout(outputs, integrand.tallies).words - 1;
  const invocation = 16 * outputs + 4;
  return runs * (16 * invocation + 4 * 4 * lanes) + 8;
}

/** Writes a b + c, rounded twice. */
type Mad = (a: string, b: string, c: string) => string;

interface Term {
  readonly name: string;
  readonly word: (layout: RecordLayout) => number;
  /** A sum to which a draw is added, by its distances d from the shifts and their squares s. */
  readonly added: (sum: string, mad: Mad) => string;
}

/** The float sums of a record, in its order. */
function sumTerms(outputs: number, tallies: Integrand["tallies"]): readonly Term[] {
  const terms: Term[] = [];
  for (let k = 0; k < outputs; k++) {
    const [d, s] = [`d${k}`, `s${k}`];
    terms.push({ name: `a${k}`, word: (layout) => layout.first(k), added: (sum) => `${sum} + ${d}` });
    terms.push({ name: `b${k}`, word: (layout) => layout.second(k), added: (sum, mad) => mad(d, d, sum) });
    if (tallies.higher) {
      terms.push({ name: `c${k}`, word: (layout) => layout.third(k), added: (sum, mad) => mad(s, d, sum) });
      terms.push({ name: `g${k}`, word: (layout) => layout.fourth(k), added: (sum, mad) => mad(s, s, sum) });
    }
  }
  tallies.products.forEach(([j, k], pair) => {
    terms.push({
      name: `e${pair}`,
      word: (layout) => layout.product(pair),
      added: (sum, mad) => mad(`d${j}`, `d${k}`, sum),
    });
  });
  return terms;
}

/** A list with an entry for each output. */
export function outputNames(outputs: number, name: (k: number) => string): string {
  return Array.from({ length: outputs }, (_, k) => name(k)).join(", ");
}
