import { outputNames } from "./emit-sums.ts";
import { callIntegrand, generate, inStrata, wordsOf } from "./emit-words.ts";
import { coordinates, type Draws, type Integrand, MOST_ATTEMPTS, outputsOf, type Variate } from "./integrand.ts";

/**
 * `draw_lanes`: the samples of a quad one by one, with the second words of rare ones. Rejected samples are drawn again until they
 * are accepted; the words of an attempt serve all four.
 */
export function emitLanes(integrand: Integrand): string {
  const { draws, rejections = [], variates } = integrand;
  const outputs = outputsOf(integrand);
  const used = coordinates(integrand);
  const groupOf = (c: number) => rejections.findIndex((group) => group.includes(c));
  const lane = used.map((c) => {
    const second = (k: string) => (draws.kind === "random" ? `(*words).v${c}[${k}]` : MIDDLE);
    const value = laneVariate(variates[c] as Variate, draws, `(*words).w${c}`, second);
    const group = groupOf(c);
    return group < 0 ? `let x${c} = ${value};` : `x${c}[j] = select(x${c}[j], ${value}, again${group});`;
  });
  const call = callIntegrand(integrand, (c) => (groupOf(c) < 0 ? `x${c}` : `x${c}[j]`));
  const values = outputNames(outputs, (k) => `f.y${k}`);
  const start = `${emitWords(integrand)}
struct Lane { ${outputNames(outputs, (k) => `y${k}: f32`)} }`;
  const head =
    "fn draw_lanes(origin: SampleOrigin, place: Place, words: ptr<function, Words>, fixed: Fixed) -> array<Lane, 4> {";
  if (rejections.length === 0) {
    return `${start}
${head}
  var lanes: array<Lane, 4>;
  for (var j = 0u; j < 4u; j++) {
    ${lane.join("\n    ")}
    let f = ${call};
    lanes[j] = Lane(${values});
  }
  return lanes;
}`;
  }
  const groups = rejections.map((_, k) => k);
  const waiting = groups.map((k) => `waiting${k}`).join(" | ");
  // Bit j of waiting0 … is set while sample j waits to be accepted by that group.
  return `${start}${emitAgain(integrand)}
${head}
  var lanes: array<Lane, 4>;
  ${rejections
    .flat()
    .map((c) => `var x${c}: array<f32, 4>;`)
    .join("\n  ")}
  ${groups.map((k) => `var waiting${k} = 15u;`).join("\n  ")}
  for (var attempt = 0u; (attempt < ${MOST_ATTEMPTS}u) & ((${waiting}) != 0u); attempt++) {
    if attempt > 0u { draw_again(origin, place, attempt, words); }
    var bit = 1u;
    for (var j = 0u; j < 4u; j++) {
      ${groups.map((k) => `let again${k} = (waiting${k} & bit) != 0u;`).join("\n      ")}
      ${lane.join("\n      ")}
      let f = ${call};
      lanes[j] = Lane(${values});
      ${groups.map((k) => `waiting${k} = select(waiting${k} & ~bit, waiting${k} | bit, f.y${outputs + k} < 0.5);`).join("\n      ")}
      bit *= 2u;
    }
  }
  // What no attempt has given is not a number, and is counted as such.
  let none = bitcast<f32>(0x7fc00000u | fixed.zero);
  for (var j = 0u; j < 4u; j++) {
    let f = lanes[j];
    let rejected = ((${waiting}) & (1u << j)) != 0u;
    lanes[j] = Lane(${outputNames(outputs, (k) => `select(f.y${k}, none, rejected)`)});
  }
  return lanes;
}`;
}

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
    const value = inStrata(draws, c, `words[${kinds.length * k}]`);
    return kinds.length === 1 ? [value] : [value, `words[${2 * k + 1}]`];
  });
  return structOfWords(
    fields,
    `${generate(
      slots.map(({ c3 }) => c3),
      "words",
    )}\n  return Words(${values.join(", ")});`,
  );
}

function structOfWords(fields: readonly string[], body: string): string {
  return `
struct Words { ${fields.length > 0 ? fields.join(", ") : "none: u32"} }
fn draw_words(origin: SampleOrigin, place: Place) -> Words {
  ${fields.length > 0 ? body : "return Words(0u);"}
}`;
}

/** Lane j's variate of a quad's words `w`; `second` names the word that continues a lane's own. */
function laneVariate(variate: Variate, draws: Draws, w: string, second: (lane: string) => string): string {
  if (variate === "uniform") return `unit_refined(${w}[j], ${second("j")})`;
  if (draws.kind !== "random") return `normal_of_word(${w}[j], fixed.zero)`;
  const radius = `normal_radius(unit_refined(${w}[j & 2u], ${second("j & 2u")}), fixed.zero)`;
  return `normal_pair(${radius}, ${w}[j | 1u], fixed.zero)[j & 1u]`;
}

/** The middle of its cell stands for the second word of a word that has none. */
const MIDDLE = "0x80000000u";

/** Puts the words of attempt 1, 2 … of the coordinates that may be drawn again, those of purpose 2, 3 …, in the others' place. */
function emitAgain({ rejections = [] }: Integrand): string {
  const again = rejections.flat();
  const lines = again.flatMap((c, k) => [
    `(*words).w${c} = words_again[${k}];`,
    `(*words).v${c} = vec4<u32>(${MIDDLE});`,
  ]);
  return `
fn draw_again(origin: SampleOrigin, place: Place, attempt: u32, words: ptr<function, Words>) {
  ${generate(again, "words_again", " + (attempt + 1u) * 65536u")}
  ${lines.join("\n  ")}
}`;
}
