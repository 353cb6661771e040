const texts = import.meta.glob<string>("./families/*.txt", { eager: true, query: "?raw", import: "default" });

/** Lines of a section of every family's golden file, see families.py. */
function linesOf(section: string): readonly string[] {
  return Object.values(texts).flatMap((text) => {
    const found = text.split(/^# /m).find((part) => part.startsWith(`${section}:`));
    return found?.trimEnd().split("\n").slice(1) ?? [];
  });
}

/** In the form of functions.txt. */
export const functionsLines = linesOf("functions");

/** A distribution of vectors as families.py has it. */
export interface VectorGolden {
  /** The call that makes it. */
  readonly call: string;
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly entropy: number;
  readonly points: readonly { readonly x: readonly number[]; readonly logProb: number }[];
}

const numbersOf = (words = "") => words.split(" ").map(Number);

export const vectorGoldens: readonly VectorGolden[] = linesOf("vectors")
  .join("\n")
  .split(/\n(?=[a-z])/)
  .filter((block) => block.length > 0)
  .map((block) => {
    const [head = "", ...lines] = block.split("\n");
    const [call = "", mean, variance, entropy] = head.split(" | ");
    const points = lines.map((line) => {
      const [x, logProb] = line.split(" | ");
      return { x: numbersOf(x), logProb: Number(logProb) };
    });
    return { call, mean: numbersOf(mean), variance: numbersOf(variance), entropy: Number(entropy), points };
  });

/** Hashes of the bits of 2^16 and of a million samples, by title. */
export const samplerBitsOfFamilies: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  linesOf("samples").map((line) => {
    const [title = "", hashes = ""] = line.split(" | ");
    return [title, hashes.split(" ")];
  }),
);

/** Calls that make p and q, KL(p || q), Rényi's divergence of order 0.3, and whether KL has a closed form. */
export interface DivergenceGolden {
  readonly p: string;
  readonly q: string;
  readonly nats: number;
  readonly renyi: number;
  readonly closed: boolean;
}

export const divergencesOfFamilies: readonly DivergenceGolden[] = linesOf("divergences").map((line) => {
  const [p = "", q = "", values = ""] = line.split(" | ");
  const [nats, renyi, kind] = values.split(" ");
  return { p, q, nats: Number(nats), renyi: Number(renyi), closed: kind === "closed" };
});
