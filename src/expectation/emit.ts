import { emitSums, outputNames } from "./emit-sums.ts";
import { coordinates, type Draws, type Integrand, recordLayout, SCRAMBLE_PURPOSE, type Variate } from "./integrand.ts";

/**
 * The functions of shaders/expectation.wgsl that depend on the integrand: its variates and its sums.
 *
 * @param strict - each value's bits are examined, rather than the sums at the end of a run
 */
export function emitDraws(integrand: Integrand, strict: boolean): string {
  return [emitPlace(integrand), emitQuad(integrand), emitLane(integrand), emitSums(integrand, strict)].join("\n");
}

function emitPlace(integrand: Integrand): string {
  const { program, tallies } = integrand;
  const values = program.parameters.map((_, k) => `parameters[${k}u]`);
  const outputs = program.outputs.length;
  const given = values.length > 0;
  return `
${emitStart(integrand)}
struct Fixed { zero: u32, ${given ? "p: integrand_In" : ""} }
fn fixed_params() -> Fixed { return Fixed(params.zero${given ? `, integrand_In(${values.join(", ")})` : ""}); }
struct Shifts { ${outputNames(outputs, (k) => `y${k}: f32`)} }
fn shifts_at(replicate: u32) -> Shifts {
  return Shifts(${outputNames(outputs, (k) => `shifts[replicate * ${outputs}u + ${k}u]`)});
}
const RECORD_WORDS = ${recordLayout(outputs, tallies).words}u;${integrand.draws.kind === "stratified" ? IN_STRATA : ""}`;
}

const IN_STRATA = `
fn in_strata(k: u32, w: vec4<u32>, strata: vec3<u32>) -> vec4<u32> {
  return vec4<u32>(
    stratum_word(k, w.x, strata),
    stratum_word(k + 1u, w.y, strata),
    stratum_word(k + 2u, w.z, strata),
    stratum_word(k + 3u, w.w, strata),
  );
}`;

/** `Place`, where a run's quads start, with what their words need that is the same for all of them. */
function emitStart(integrand: Integrand): string {
  const { draws } = integrand;
  const fields = ["low: u32", "high: u32", "stream: u32", "key: vec2<u32>"];
  const values = ["low", "high", "stream", "key"];
  if (draws.kind === "stratified") {
    fields.push("strata: vec3<u32>");
    values.push("vec3<u32>(params.strata_count, params.strata_width, params.strata_fraction)");
  }
  if (draws.kind === "sobol") {
    for (const c of coordinates(integrand)) {
      fields.push(`scramble${c}: u32`, `base${c}: u32`);
      const seed = `random_words(vec4<u32>(0u, 0u, stream, ${c + SCRAMBLE_PURPOSE * 2 ** 16}u), key).x`;
      values.push(seed, `sobol_word(low << 2u, ${c}u)`);
    }
  }
  return `struct Place { ${fields.join(", ")} }
fn place_at(low: u32, high: u32, stream: u32, key: vec2<u32>) -> Place {
  return Place(${values.join(", ")});
}`;
}

/** The words of a coordinate's quad. */
function wordsOf(draws: Draws, coordinate: number): string {
  const index = "(place.low + q)";
  if (draws.kind === "sobol") {
    const points = `sobol_words_near(place.base${coordinate}, ${index}, ${coordinate}u)`;
    return `owen_scramble4(${points}, place.scramble${coordinate})`;
  }
  const words = `random_words(vec4<u32>(place.low + q, place.high, place.stream, ${coordinate}u), place.key)`;
  const stratified = draws.kind === "stratified" && draws.coordinates.includes(coordinate);
  return stratified ? `in_strata(4u * ${index}, ${words}, place.strata)` : words;
}

/** The call of the integrand on the variates named by `name`. */
function callIntegrand(integrand: Integrand, name: (coordinate: number) => string): string {
  const used = new Set(coordinates(integrand));
  const { program } = integrand;
  const xs = Array.from({ length: program.variables }, (_, c) => (used.has(c) ? name(c) : "0.0"));
  const given = program.parameters.length > 0 ? ["fixed.p"] : [];
  return `integrand(${[...xs, ...given, "fixed.zero"].join(", ")})`;
}

function emitQuad(integrand: Integrand): string {
  const { draws, variates, program } = integrand;
  const outputs = program.outputs.length;
  const used = coordinates(integrand);
  const lines: string[] = [];
  if (draws.kind === "random" && used.length > MOST_UNROLLED) {
    lines.push(generate(used), ...used.map((c, k) => `let w${c} = words[${k}];`));
  } else lines.push(...used.map((c) => `let w${c} = ${wordsOf(draws, c)};`));
  for (const pair of [0, 2] as const) {
    const [even, odd] = pair === 0 ? (["x", "y"] as const) : (["z", "w"] as const);
    for (const c of used) {
      const variate = variates[c] as Variate;
      const name = (lane: number) => `x${c}_${lane}`;
      if (variate === "normal" && draws.kind === "random") {
        lines.push(
          `let r${c}_${pair} = normal_radius(unit(w${c}.${even}), fixed.zero);`,
          `let t${c}_${pair} = turn(w${c}.${odd}, fixed.zero);`,
          `let ${name(pair)} = math_opaque(r${c}_${pair} * t${c}_${pair}.x, fixed.zero);`,
          `let ${name(pair + 1)} = math_opaque(r${c}_${pair} * t${c}_${pair}.y, fixed.zero);`,
        );
      } else {
        lines.push(`let ${name(pair)} = ${pointwise(variate, draws, `w${c}.${even}`)};`);
        lines.push(`let ${name(pair + 1)} = ${pointwise(variate, draws, `w${c}.${odd}`)};`);
      }
    }
    for (const lane of [pair, pair + 1]) {
      lines.push(`let f${lane} = ${callIntegrand(integrand, (c) => `x${c}_${lane}`)};`);
    }
  }
  const values = outputNames(outputs, (k) => `vec4<f32>(f0.y${k}, f1.y${k}, f2.y${k}, f3.y${k})`);
  return `
struct Quad { rare: bool, ${outputNames(outputs, (k) => `y${k}: vec4<f32>`)} }
fn draw_quad(place: Place, fixed: Fixed, q: u32) -> Quad {
  ${lines.join("\n  ")}
  return Quad(${rareOf(integrand)}, ${values});
}`;
}

/** The variate of one word that needs no neighbour. */
function pointwise(variate: Variate, draws: Draws, word: string): string {
  if (variate === "normal") return `normal_of_word(${word}, fixed.zero)`;
  // Words of strata and of Sobol points have no second ones: the middle of their cell refines them.
  return draws.kind === "random" ? `unit(${word})` : `unit_refined(${word}, 0x80000000u)`;
}

/** Whether some variate of the quad takes a second word. */
function rareOf(integrand: Integrand): string {
  const { draws, variates } = integrand;
  if (draws.kind !== "random") return "false";
  const tests = coordinates(integrand).flatMap((c) => {
    const lanes = variates[c] === "normal" ? ["x", "z"] : ["x", "y", "z", "w"];
    return lanes.map((lane) => `((w${c}.${lane} & 0xffc00000u) == 0u)`);
  });
  // Not ||, which branches: compilers choke on dozens of those.
  return tests.length > 0 ? tests.join(" | ") : "false";
}

/** Coordinates beyond this many get their words in a loop: compilers take their time over the generator's code. */
const MOST_UNROLLED = 3;

/** The words of a quad for the careful path: of each coordinate its own and the second ones, from one copy of the generator. */
function emitWords(integrand: Integrand): string {
  const { draws } = integrand;
  const used = coordinates(integrand);
  const kinds = draws.kind === "random" ? ["w", "v"] : ["w"];
  const slots = used.flatMap((c, k) =>
    kinds.map((kind, purpose) => ({ name: `${kind}${c}`, c3: c + purpose * 2 ** 16, at: kinds.length * k + purpose })),
  );
  const fields = slots.map(({ name }) => `${name}: vec4<u32>`);
  if (draws.kind === "sobol") {
    const values = used.map((c) => wordsOf(draws, c));
    return structOfWords(fields, `return Words(${values.join(", ")});`);
  }
  const values = used.flatMap((c, k) => {
    const own = `words[${kinds.length * k}]`;
    const stratified = draws.kind === "stratified" && draws.coordinates.includes(c);
    const value = stratified ? `in_strata(4u * (place.low + q), ${own}, place.strata)` : own;
    return kinds.length === 1 ? [value] : [value, `words[${2 * k + 1}]`];
  });
  return structOfWords(fields, `${generate(slots.map(({ c3 }) => c3))}\n  return Words(${values.join(", ")});`);
}

function structOfWords(fields: readonly string[], body: string): string {
  return `
struct Words { ${fields.length > 0 ? fields.join(", ") : "none: u32"} }
fn draw_words(place: Place, q: u32) -> Words {
  ${fields.length > 0 ? body : "return Words(0u);"}
}`;
}

/** Fills `words` with the generator's output for each fourth counter word. */
function generate(c3s: readonly number[]): string {
  return `var last = array<u32, ${c3s.length}>(${c3s.map((c3) => `${c3}u`).join(", ")});
  var words: array<vec4<u32>, ${c3s.length}>;
  for (var k = 0u; k < ${c3s.length}u; k++) {
    words[k] = random_words(vec4<u32>(place.low + q, place.high, place.stream, last[k]), place.key);
  }`;
}

function emitLane(integrand: Integrand): string {
  const { draws, variates, program } = integrand;
  const outputs = program.outputs.length;
  const used = coordinates(integrand);
  const lines: string[] = [];
  for (const c of used) {
    lines.push(`let w${c} = (*words).w${c};`);
    if (draws.kind !== "random") {
      lines.push(`let x${c} = ${pointwise(variates[c] as Variate, draws, `(*words).w${c}[j]`)};`);
    } else if (variates[c] === "normal") {
      lines.push(
        `let r${c} = normal_radius(unit_refined((*words).w${c}[j & 2u], (*words).v${c}[j & 2u]), fixed.zero);`,
        `let t${c} = turn((*words).w${c}[j | 1u], fixed.zero);`,
        `let x${c} = math_opaque(r${c} * select(t${c}.y, t${c}.x, (j & 1u) == 0u), fixed.zero);`,
      );
    } else lines.push(`let x${c} = unit_refined((*words).w${c}[j], (*words).v${c}[j]);`);
  }
  const values = outputNames(outputs, (k) => `f.y${k}`);
  return `${emitWords(integrand)}
struct Lane { rare: bool, ${outputNames(outputs, (k) => `y${k}: f32`)} }
fn draw_lane(words: ptr<function, Words>, fixed: Fixed, j: u32) -> Lane {
  ${lines.join("\n  ")}
  let f = ${callIntegrand(integrand, (c) => `x${c}`)};
  return Lane(${rareOf(integrand)}, ${values});
}`;
}
