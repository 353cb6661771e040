import { larger, type Work } from "../cases/case.ts";
import type { Comparison, Heat, HeatResult, Result } from "./result.ts";
import { ratioOf, rounded, spreadOf } from "./statistics.ts";

/** The comparisons that heats come to, in the order of their first heats. */
export function comparisonsOf(heats: readonly Heat[]): Comparison[] {
  const cases = new Map<string, Heat[]>();
  for (const heat of heats) {
    const key = `${heat.id} ${heat.kind}`;
    cases.set(key, [...(cases.get(key) ?? []), heat]);
  }
  return [...cases.values()].map(comparisonOf);
}

/** Heats of one case as one race: the rounds of one follow those of another. */
function comparisonOf(heats: readonly Heat[]): Comparison {
  const [{ id, title, part, kind, work }] = heats as [Heat];
  const pooled = new Map<string, HeatResult>();
  const absences: [string, string][] = [];
  let before = 0;
  for (const { results, rounds, absent } of heats) {
    for (const result of results) {
      const later = { ...result, rounds: result.rounds.map((round) => before + round) };
      const earlier = pooled.get(result.name);
      pooled.set(result.name, earlier ? joined(earlier, later) : later);
    }
    absences.push(...Object.entries(absent));
    before += rounds;
  }
  for (const [name, reason] of absences) {
    const result = pooled.get(name);
    if (result) pooled.set(name, { ...result, note: together(result.note, `not in every heat: ${reason}`) });
  }
  const absent = Object.fromEntries(absences.filter(([name]) => !pooled.has(name)));
  return { id, title, part, kind, work, results: compared([...pooled.values()].map(summed(work))), absent };
}

function joined(a: HeatResult, b: HeatResult): HeatResult {
  return {
    ...b,
    ...a,
    note: together(a.note, b.note),
    rounds: [...a.rounds, ...b.rounds],
    times: [...a.times, ...b.times],
    gpu: [...a.gpu, ...b.gpu],
    ...(a.error === undefined || b.error === undefined ? {} : { error: larger(a.error, b.error) }),
    ...(a.standardErrors === undefined || b.standardErrors === undefined
      ? {}
      : { standardErrors: larger(a.standardErrors, b.standardErrors) }),
  };
}

/** Remarks, each once. */
function together(a: string, b: string): string {
  const remarks = a.split("; ").filter(Boolean);
  return [...remarks, ...b.split("; ").filter((remark) => remark && !remarks.includes(remark))].join("; ");
}

function summed({ amount, unit }: Work): (result: HeatResult) => Result {
  const scale = unit === "GB/s" ? 1e6 : 1e3;
  return ({ gpu, ...result }) => {
    const wall = spreadOf(result.times);
    return {
      ...result,
      wall,
      ...(gpu.length > 0 ? { gpu: spreadOf(gpu) } : {}),
      ...(unit === "" ? {} : { rate: rounded(amount / wall.median / scale) }),
    };
  };
}

/** The faster of the ceilings only, and everyone beside it and beside the first of ours. */
function compared(results: readonly Result[]): Result[] {
  const ceilings = results.filter(({ role }) => role === "ceiling");
  const ceiling = ceilings.sort((a, b) => a.wall.median - b.wall.median)[0];
  const ours = results.find(({ role }) => role === "ours");
  const kept = [...results.filter(({ role }) => role !== "ceiling"), ...(ceiling ? [ceiling] : [])];
  return kept.map((result) => {
    const share = ceiling && ratioOf(ceiling, result)?.median;
    const ratio = ours && ratioOf(result, ours);
    return {
      ...result,
      ...(share === undefined ? {} : { share: rounded(share) }),
      ...(ratio === undefined ? {} : { ratio }),
    };
  });
}
