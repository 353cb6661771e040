import * as factories from "../../../src/distributions/index.ts";
import { functionsLines } from "./families.ts";
import text from "./functions.txt?raw";

/** What functions.py says of a distribution, or families.py in its way. */
export interface FunctionsGolden {
  /** The call that makes it. */
  readonly call: string;
  readonly make: () => factories.ScalarDistribution;
  readonly mean: number;
  readonly variance: number;
  /** Undefined where it has no closed form. */
  readonly entropy: number | undefined;
  readonly points: readonly FunctionsPoint[];
}

export interface FunctionsPoint {
  readonly x: number;
  readonly logProb: number;
  readonly cdf: number;
  readonly survival: number;
  readonly logCdf: number;
  readonly logSurvival: number;
  /** A probability and its quantile, where f64 tells it from others. */
  readonly p: number | undefined;
  readonly icdf: number | undefined;
}

function numbersOf(words: string): readonly (number | undefined)[] {
  return words.split(" ").map((word) => (word === "-" ? undefined : Number(word)));
}

/** What a call of numbers, lists and other such calls makes. */
export function made(call: string): factories.ScalarDistribution {
  const names = Object.keys(factories);
  return new Function(...names, `return ${call}`)(...Object.values(factories)) as factories.ScalarDistribution;
}

/** Of parameters from 1e-6 to 1e6. */
export const functionsGoldens: readonly FunctionsGolden[] = [text.trimEnd(), ...functionsLines]
  .join("\n")
  .split(/\n(?=[a-z])/)
  .map((block) => {
    const [head = "", ...lines] = block.split("\n");
    const [call = "", moments = ""] = head.split(" | ");
    const [mean = Number.NaN, variance = Number.NaN, entropy] = numbersOf(moments);
    const points = lines.map((line): FunctionsPoint => {
      const [x, logProb, cdf, survival, logCdf, logSurvival, p, icdf] = numbersOf(line);
      return { x, logProb, cdf, survival, logCdf, logSurvival, p, icdf } as FunctionsPoint;
    });
    return { call, make: () => made(call), mean, variance, entropy, points };
  });
