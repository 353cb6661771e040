import { outputNames } from "./emit-sums.ts";
import { callIntegrand, generate, wordsOf } from "./emit-words.ts";
import { coordinates, type Draws, type Integrand, outputsOf, RARE_BELOW, type Variate } from "./integrand.ts";

/** `draw_quad`: four samples, and whether one of them is rare or rejected, so that its value here does not count. */
export function emitQuad(integrand: Integrand, branches: boolean): string {
  const { draws, variates } = integrand;
  const outputs = outputsOf(integrand);
  const used = coordinates(integrand);
  const copied = integrand.program.instructions.length <= MOST_COPIED;
  const lines: string[] = [];
  if (draws.kind === "random" && used.length > MOST_UNROLLED) {
    lines.push(generate(used, "words"), ...used.map((c, k) => `let w${c} = words[${k}];`));
  } else lines.push(...used.map((c) => `let w${c} = ${wordsOf(draws, c)};`));
  for (const pair of [0, 2] as const) {
    const [even, odd] = pair === 0 ? (["x", "y"] as const) : (["z", "w"] as const);
    for (const c of used) {
      const variate = variates[c] as Variate;
      const name = (lane: number) => `x${c}_${lane}`;
      if (variate === "normal" && draws.kind === "random") {
        lines.push(
          `let r${c}_${pair} = normal_radius(unit(w${c}.${even}), fixed.zero);`,
          `let z${c}_${pair} = normal_pair(r${c}_${pair}, w${c}.${odd}, fixed.zero);`,
          `let ${name(pair)} = z${c}_${pair}.x;`,
          `let ${name(pair + 1)} = z${c}_${pair}.y;`,
        );
      } else {
        lines.push(`let ${name(pair)} = ${pointwise(variate, draws, branches, `w${c}.${even}`)};`);
        lines.push(`let ${name(pair + 1)} = ${pointwise(variate, draws, branches, `w${c}.${odd}`)};`);
      }
    }
    if (copied) {
      for (const lane of [pair, pair + 1]) {
        lines.push(`let f${lane} = ${callIntegrand(integrand, (c) => `x${c}_${lane}`)};`);
      }
    }
  }
  if (!copied) {
    lines.push(
      ...used.map((c) => `let x${c} = vec4<f32>(x${c}_0, x${c}_1, x${c}_2, x${c}_3);`),
      "var f: array<integrand_Out, 4>;",
      `for (var j = 0u; j < 4u; j++) { f[j] = ${callIntegrand(integrand, (c) => `x${c}[j]`)}; }`,
      ...[0, 1, 2, 3].map((lane) => `let f${lane} = f[${lane}];`),
    );
  }
  const values = outputNames(outputs, (k) => `vec4<f32>(f0.y${k}, f1.y${k}, f2.y${k}, f3.y${k})`);
  return `
struct Quad { rare: bool, ${outputNames(outputs, (k) => `y${k}: vec4<f32>`)} }
fn draw_quad(origin: SampleOrigin, fixed: Fixed, place: Place) -> Quad {
  ${lines.join("\n  ")}
  return Quad(${[rareOf(integrand), ...rejected(integrand)].join(" | ")}, ${values});
}`;
}

/** Coordinates beyond this many get their words in a loop: compilers take their time over the generator's code. */
const MOST_UNROLLED = 3;

/** Programs longer than this are compiled once a quad, in a loop over its samples, rather than once a sample. */
const MOST_COPIED = 25600;

/** The variate of one word that needs no neighbour. */
function pointwise(variate: Variate, draws: Draws, branches: boolean, word: string): string {
  if (variate === "normal") return `normal_of_word${branches ? "_branching" : ""}(${word}, fixed.zero)`;
  // Words of strata and of Sobol points have no second ones: the middle of their cell refines them.
  return draws.kind === "random" ? `unit(${word})` : `unit_refined(${word}, 0x80000000u)`;
}

/** Whether some variate of the quad takes a second word. */
function rareOf(integrand: Integrand): string {
  const { draws, variates } = integrand;
  if (draws.kind !== "random") return "false";
  const words = coordinates(integrand).flatMap((c) => {
    const lanes = variates[c] === "normal" ? ["x", "z"] : ["x", "y", "z", "w"];
    return lanes.map((lane) => `w${c}.${lane}`);
  });
  return words.length > 0 ? `(${words.reduce((least, word) => `min(${least}, ${word})`)} < ${RARE_BELOW}u)` : "false";
}

/** Whether some sample of the quad was rejected: it waits, as rare ones do, for the loop that draws again. */
function rejected(integrand: Integrand): readonly string[] {
  const first = outputsOf(integrand);
  const groups = (integrand.rejections ?? []).map((_, k) => first + k);
  return [0, 1, 2, 3].flatMap((lane) => groups.map((output) => `(f${lane}.y${output} < 0.5)`));
}
