import { coordinates, type Draws, type Integrand, SCRAMBLE_PURPOSE } from "./integrand.ts";

/**
 * `SampleOrigin`, where a run's quads start, with what their words need that is the same for all of them, and `Place`, a quad
 * with what its words need, from which that of the next is made.
 */
export function emitStart(integrand: Integrand): string {
  const { draws } = integrand;
  const fields = ["low: u32", "high: u32", "stream: u32", "key: vec2<u32>"];
  const values = ["low", "high", "stream", "key"];
  if (draws.kind === "sobol") {
    for (const c of coordinates(integrand)) {
      fields.push(`scramble${c}: u32`, `base${c}: u32`);
      const seed = `random_words(vec4<u32>(0u, 0u, stream, ${c + SCRAMBLE_PURPOSE * 2 ** 16}u), key).x`;
      values.push(seed, `sobol_word(low << 2u, ${c}u)`);
    }
  }
  const stratified = draws.kind === "stratified";
  if (stratified) {
    fields.push("strata: vec3<u32>", "stride: vec2<u32>");
    values.push("strata", "strata_stride(strata)");
  }
  const strata = "let strata = vec3<u32>(params.strata_count, params.strata_width, params.strata_fraction);";
  return `
struct SampleOrigin { ${fields.join(", ")} }
fn origin_at(low: u32, high: u32, stream: u32, key: vec2<u32>) -> SampleOrigin {
  ${stratified ? strata : ""}
  return SampleOrigin(${values.join(", ")});
}
struct Place { q: u32, ${stratified ? "begin: vec2<u32>" : ""} }
fn place_at(origin: SampleOrigin, q: u32) -> Place {
  return Place(q, ${stratified ? "strata_boundary(4u * (origin.low + q), origin.strata)" : ""});
}
fn place_next(origin: SampleOrigin, place: Place) -> Place {
  return Place(place.q + 1u, ${stratified ? "strata_fourth(place.begin, origin.stride, origin.strata)" : ""});
}`;
}

/** The words of a coordinate's quad at `place`. */
export function wordsOf(draws: Draws, coordinate: number): string {
  const index = "(origin.low + place.q)";
  if (draws.kind === "sobol") {
    const points = `sobol_words_near(origin.base${coordinate}, ${index}, ${coordinate}u)`;
    return `owen_scramble4(${points}, origin.scramble${coordinate})`;
  }
  const words = `random_words(vec4<u32>(${index}, origin.high, origin.stream, ${coordinate}u), origin.key)`;
  return inStrata(draws, coordinate, words);
}

/** A coordinate's random words, moved into the strata of the quad at `place` if it has some. */
export function inStrata(draws: Draws, coordinate: number, words: string): string {
  const stratified = draws.kind === "stratified" && draws.coordinates.includes(coordinate);
  return stratified ? `strata_words(place.begin, ${words}, origin.strata)` : words;
}

const MOST_TRIPS = 20;

/** Fills `name` with the generator's output for each fourth counter word. */
export function generate(c3s: readonly number[], name: string, more = ""): string {
  // Many words are made several a trip: drivers count the trips of all loops of an invocation together.
  const each = Math.ceil(c3s.length / MOST_TRIPS);
  const slots = Math.ceil(c3s.length / each) * each;
  const padded = Array.from({ length: slots }, (_, k) => `${c3s[k] ?? 0}u`);
  const makes = Array.from({ length: each }, (_, step) => {
    const k = step === 0 ? "k" : `k + ${step}u`;
    return `${name}[${k}] = random_words(vec4<u32>(origin.low + place.q, origin.high, origin.stream, last[${k}]${more}), origin.key);`;
  });
  return `var last = array<u32, ${slots}>(${padded.join(", ")});
  var ${name}: array<vec4<u32>, ${slots}>;
  for (var k = 0u; k < ${slots}u; k += ${each}u) {
    ${makes.join("\n    ")}
  }`;
}

/** The call of the integrand on the variates named by `name`. */
export function callIntegrand(integrand: Integrand, name: (coordinate: number) => string): string {
  const used = new Set(coordinates(integrand));
  const { program } = integrand;
  const xs = Array.from({ length: program.variables }, (_, c) => (used.has(c) ? name(c) : "0.0"));
  const given = program.parameters.length > 0 ? ["fixed.p"] : [];
  return `integrand(${[...xs, ...given, "fixed.zero"].join(", ")})`;
}
