import { type Integrand, outputsOf, type RecordLayout, recordLayout } from "./integrand.ts";

/** The sums of a run about its shifts: each a name, and what a draw adds to it. */
export function emitSums(integrand: Integrand, strict: boolean): string {
  const { tallies } = integrand;
  const outputs = outputsOf(integrand);
  const layout = recordLayout(outputs, tallies);
  const terms = sumTerms(outputs, tallies);
  const all = Array.from({ length: outputs }, (_, k) => k);
  // Where the sums cannot be trusted to show a value that is not finite, each value's bits are looked at.
  const keptOf = (k: number) => (strict ? `vec4<bool>(keep) & finite4(quad.y${k})` : "vec4<bool>(keep)");
  const quadDistances = all.map((k) => {
    return `let d${k} = select(vec4<f32>(0.0), quad.y${k} - vec4<f32>(shift.y${k}), ${keptOf(k)});`;
  });
  const laneDistances = all.map((k) => {
    return `let d${k} = select(0.0, lane.y${k} - shift.y${k}, keep & finite(lane.y${k}));`;
  });
  const opaque4 = (expression: string) => `opaque4(${expression}, zero)`;
  const opaque1 = (expression: string) => `math_opaque(${expression}, zero)`;
  const peaks = tallies.peaks.map((k, index) => ({ k, index }));
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
fn opaque4(x: vec4<f32>, zero: u32) -> vec4<f32> {
  return vec4<f32>(math_opaque(x.x, zero), math_opaque(x.y, zero), math_opaque(x.z, zero), math_opaque(x.w, zero));
}
fn fold4(x: vec4<f32>) -> f32 { return (x.x + x.y) + (x.z + x.w); }
fn peak4(x: vec4<f32>) -> f32 { return math_larger(math_larger(x.x, x.y), math_larger(x.z, x.w)); }
struct Sums {
  ${[
    ...terms.map(({ name }) => `${name}: vec4<f32>,`),
    ...peaks.map(({ index }) => `m${index}: vec4<f32>,`),
    ...(strict ? all.map((k) => `n${k}: u32,`) : ["none: u32,"]),
  ].join("\n  ")}
}
struct LaneSums {
  ${[
    ...terms.map(({ name }) => `${name}: array<f32, 4>,`),
    ...peaks.map(({ index }) => `m${index}: f32,`),
    ...all.map((k) => `n${k}: u32,`),
  ].join("\n  ")}
}
fn sums_quad(sums: ptr<function, Sums>, quad: Quad, shift: Shifts, keep: bool) {
  let zero = params.zero;
  ${quadDistances.join("\n  ")}
  ${terms.map(({ name, value }) => `(*sums).${name} += ${value(opaque4)};`).join("\n  ")}
  ${peaks.map(({ k, index }) => `(*sums).m${index} = math_larger4((*sums).m${index}, select(vec4<f32>(0.0), quad.y${k}, ${keptOf(k)}));`).join("\n  ")}
  ${strict ? all.map((k) => `(*sums).n${k} += select(0u, 4u - dot(select(vec4<u32>(0u), vec4<u32>(1u), finite4(quad.y${k})), vec4<u32>(1u)), keep);`).join("\n  ") : ""}
}
fn sums_lane(sums: ptr<function, LaneSums>, lane: Lane, shift: Shifts, j: u32, keep: bool) {
  let zero = params.zero;
  ${laneDistances.join("\n  ")}
  ${terms.map(({ name, value }) => `(*sums).${name}[j] += ${value(opaque1)};`).join("\n  ")}
  ${peaks.map(({ k, index }) => `(*sums).m${index} = math_larger((*sums).m${index}, select(0.0, lane.y${k}, keep & finite(lane.y${k})));`).join("\n  ")}
  ${all.map((k) => `(*sums).n${k} += select(0u, 1u, keep & !finite(lane.y${k}));`).join("\n  ")}
}
fn sums_join(sums: ptr<function, Sums>, part: ptr<function, Sums>) {
  ${terms.map(({ name }) => `(*sums).${name} += (*part).${name};`).join("\n  ")}
  ${peaks.map(({ index }) => `(*sums).m${index} = math_larger4((*sums).m${index}, (*part).m${index});`).join("\n  ")}
  ${strict ? all.map((k) => `(*sums).n${k} += (*part).n${k};`).join("\n  ") : ""}
}
fn lanes_join(sums: ptr<function, LaneSums>, part: ptr<function, LaneSums>) {
  for (var j = 0u; j < 4u; j++) {
    ${terms.map(({ name }) => `(*sums).${name}[j] += (*part).${name}[j];`).join("\n    ")}
  }
  ${peaks.map(({ index }) => `(*sums).m${index} = math_larger((*sums).m${index}, (*part).m${index});`).join("\n  ")}
  ${all.map((k) => `(*sums).n${k} += (*part).n${k};`).join("\n  ")}
}
fn sums_finite(sums: ptr<function, Sums>) -> bool {
  return ${strict ? "true" : all.map((k) => `finite(fold4((*sums).b${k}))`).join(" & ")};
}
fn sums_store(item: u32, sums: ptr<function, Sums>, rare: ptr<function, LaneSums>, redone: ptr<function, LaneSums>, redo: bool, count: u32) {
  let at = item * RECORD_WORDS;
  ${terms
    .map(({ name, word }) => {
      const lanes = (of: string) => `vec4<f32>(${[0, 1, 2, 3].map((j) => `(*${of}).${name}[${j}]`).join(", ")})`;
      const quick = `select((*sums).${name}, ${lanes("redone")}, vec4<bool>(redo))`;
      return `runs[at + ${word(layout)}u] = bitcast<u32>(fold4(${quick} + ${lanes("rare")}));`;
    })
    .join("\n  ")}
  ${peaks.map(({ index }) => `runs[at + ${layout.peak(index)}u] = bitcast<u32>(math_larger(select(peak4((*sums).m${index}), (*redone).m${index}, redo), (*rare).m${index}));`).join("\n  ")}
  ${all.map((k) => `runs[at + ${layout.nonFinite(k)}u] = (*rare).n${k} + (*redone).n${k}${strict ? ` + (*sums).n${k}` : ""};`).join("\n  ")}
  runs[at + ${layout.count}u] = count;
}`;
}

interface Term {
  readonly name: string;
  readonly word: (layout: RecordLayout) => number;
  /** What a draw adds, its products wrapped by `opaque`. */
  readonly value: (opaque: (expression: string) => string) => string;
}

/** The float sums of a record, in its order. */
function sumTerms(outputs: number, tallies: Integrand["tallies"]): readonly Term[] {
  const terms: Term[] = [];
  for (let k = 0; k < outputs; k++) {
    terms.push({ name: `a${k}`, word: (layout) => layout.first(k), value: () => `d${k}` });
    terms.push({ name: `b${k}`, word: (layout) => layout.second(k), value: (opaque) => opaque(`d${k} * d${k}`) });
    if (tallies.higher) {
      const square = `d${k} * d${k}`;
      terms.push({ name: `c${k}`, word: (layout) => layout.third(k), value: (opaque) => opaque(`${square} * d${k}`) });
      terms.push({
        name: `g${k}`,
        word: (layout) => layout.fourth(k),
        value: (opaque) => opaque(`(${square}) * (${square})`),
      });
    }
  }
  tallies.products.forEach(([j, k], pair) => {
    terms.push({
      name: `e${pair}`,
      word: (layout) => layout.product(pair),
      value: (opaque) => opaque(`d${j} * d${k}`),
    });
  });
  return terms;
}

/** A list with an entry for each output. */
export function outputNames(outputs: number, name: (k: number) => string): string {
  return Array.from({ length: outputs }, (_, k) => name(k)).join(", ");
}
