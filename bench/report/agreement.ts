import type { BenchRecord } from "./record.ts";
import { markdownTable, times } from "./table.ts";

/** A ratio of a contestant's time to ours, in both of two records. */
export interface Pair {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  /** How far the larger is above the smaller: 0.15 is 15 %. */
  readonly apart: number;
}

export interface Agreement {
  readonly pairs: readonly Pair[];
  /** Ratios that only one of the records has. */
  readonly alone: readonly string[];
  /** Shares of the pairs within 15 % and within 40 %. */
  readonly close: number;
  readonly near: number;
  readonly pass: boolean;
}

const CLOSE = 0.15;
const NEAR = 0.4;

/** Two runs agree if 9 of 10 ratios are within 15 % of each other, and all within 40 %. */
export function agreementOf(a: BenchRecord, b: BenchRecord): Agreement {
  const others = new Map(ratiosIn(b));
  const own = new Map(ratiosIn(a));
  const pairs = [...own].flatMap(([name, ratio]): Pair[] => {
    const other = others.get(name);
    if (other === undefined) return [];
    return [{ name, a: ratio, b: other, apart: Math.max(ratio / other, other / ratio) - 1 }];
  });
  const share = (most: number) => pairs.filter(({ apart }) => apart <= most).length / Math.max(1, pairs.length);
  const [close, near] = [share(CLOSE), share(NEAR)];
  const alone = [...own.keys(), ...others.keys()].filter((name) => !own.has(name) || !others.has(name));
  return { pairs, alone, close, near, pass: pairs.length > 0 && close >= 0.9 && near === 1 };
}

/** Every ratio of a record, by browser, case, kind and contestant. */
function ratiosIn({ runs }: BenchRecord): [string, number][] {
  return runs.flatMap(({ environment, comparisons }) => {
    const program = environment.program.replace(/\/.*/, "");
    return comparisons.flatMap(({ id, kind, results }) =>
      results.flatMap(({ name, role, ratio }): [string, number][] => {
        return ratio && role === "peer" ? [[`${program}, ${id}, ${kind}, ${name}`, ratio.median]] : [];
      }),
    );
  });
}

/** The agreement, and the pairs that are furthest apart. */
export function agreementMarkdown({ pairs, alone, close, near, pass }: Agreement): string {
  const worst = [...pairs].sort((a, b) => b.apart - a.apart).slice(0, 20);
  const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
  const rows = worst.map(({ name, a, b, apart }) => [name, times(a), times(b), percent(apart)]);
  const table = { title: "The ratios that are furthest apart", head: ["ratio", "first", "second", "apart"], rows };
  return [
    `${pairs.length} ratios of peers to ours: ${percent(close)} agree within 15 % (needed: 90 %), ${percent(near)} within 40 % (needed: all).`,
    pass ? "The two records agree." : "The two records do not agree.",
    ...(alone.length > 0 ? [`In one of the records only: ${alone.join("; ")}.`] : []),
    markdownTable(table),
  ].join("\n\n");
}
