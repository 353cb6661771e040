import type { Work } from "../cases/case.ts";
import { roles } from "../contestants/contestant.ts";
import type { Comparison, Heat, HeatResult, Result } from "./result.ts";
import { ratiosOf, rounded, type Spread, spreadOfHeats } from "./statistics.ts";

/** The comparisons that heats come to, in the order of their first heats. */
export function comparisonsOf(heats: readonly Heat[]): Comparison[] {
  const cases = new Map<string, Heat[]>();
  for (const heat of heats) {
    const key = `${heat.id} ${heat.kind}`;
    cases.set(key, [...(cases.get(key) ?? []), heat]);
  }
  return [...cases.values()].map(comparisonOf);
}

function comparisonOf(heats: readonly Heat[]): Comparison {
  const [{ id, title, kind, work }] = heats as [Heat];
  const names = new Set(heats.flatMap(({ results }) => results.map(({ name }) => name)));
  const results = [...names].map((name) => resultOf(name, heats, work));
  const absent: Record<string, string> = {};
  for (const [name, reason] of heats.flatMap((heat) => Object.entries(heat.absent))) {
    if (!names.has(name)) absent[name] ??= reason;
  }
  return { id, title, kind, work, heats: heats.length, results: compared(results), absent };
}

/** One contestant over all heats. */
function resultOf(name: string, heats: readonly Heat[], { amount, unit }: Work): Result {
  const inHeats = heats.map(({ results }) => results.find((result) => result.name === name));
  const found = inHeats.filter((result) => result !== undefined);
  const { spans: _, ...outcome } = found[0] as HeatResult;
  const gpu = found.map(({ spans }) => spans.gpu);
  const wall = spreadOfHeats(found.map(({ spans }) => spans.times));
  const scale = unit === "GB/s" ? 1e6 : 1e3;
  return {
    ...outcome,
    note: noteOf(name, found, heats),
    heats: Object.fromEntries(inHeats.flatMap((result, heat) => (result ? [[heat, result.spans]] : []))),
    wall,
    ...(gpu.flat().length > 0 ? { gpu: spreadOfHeats(gpu) } : {}),
    ...(unit === "" ? {} : { rate: rounded(amount / wall.median / scale) }),
  };
}

/** Which ways were the quickest, and why some heats are missing. */
function noteOf(name: string, found: readonly HeatResult[], heats: readonly Heat[]): string {
  const ways = new Set(found.map(({ note }) => note).filter(Boolean));
  const reasons = new Set(heats.flatMap(({ absent }) => absent[name] ?? []));
  const missing = found.length < heats.length ? [`in ${found.length} of ${heats.length} heats`] : [];
  return [[...ways].join(" or "), [...missing, ...reasons].join(": ")].filter(Boolean).join("; ");
}

/** The faster of the ceilings only, and everyone beside it and beside ours. */
function compared(results: readonly Result[]): Result[] {
  const ceilings = results.filter(({ role }) => role === "ceiling");
  const ceiling = ceilings.sort((a, b) => a.wall.median - b.wall.median)[0];
  const ours = results.find(({ role }) => role === "ours");
  const kept = [...results.filter(({ role }) => role !== "ceiling"), ...(ceiling ? [ceiling] : [])];
  const ordered = kept.sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role));
  return ordered.map((result) => {
    const share = ceiling && ratioOf(ceiling, result)?.median;
    const ratio = ours && ratioOf(result, ours);
    return {
      ...result,
      ...(share === undefined ? {} : { share: rounded(share) }),
      ...(ratio === undefined ? {} : { ratio }),
    };
  });
}

/** How many times as long `theirs` takes, over the heats that both took part in; undefined if there is none. */
function ratioOf(theirs: Result, ours: Result): Spread | undefined {
  const ratios = Object.entries(theirs.heats).flatMap(([heat, spans]) => {
    const beside = ours.heats[Number(heat)];
    return beside ? [ratiosOf(spans, beside)] : [];
  });
  return ratios.flat().length > 0 ? spreadOfHeats(ratios) : undefined;
}

/** How many rounds of how many calls, such as "21 × 4" or "18 × 1–2". */
export function roundsAndCalls({ heats }: Result): { rounds: number; calls: string } {
  const all = Object.values(heats);
  const calls = all.map((spans) => spans.calls);
  const [least, most] = [Math.min(...calls), Math.max(...calls)];
  return {
    rounds: all.reduce((sum, { times }) => sum + times.length, 0),
    calls: least === most ? `${least}` : `${least}–${most}`,
  };
}
