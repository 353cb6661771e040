import { type Kind, kinds } from "../contestants/contestant.ts";
import type { Comparison, Result } from "../harness/result.ts";
import { medianOf } from "../harness/statistics.ts";
import type { Run } from "./record.ts";
import { milliseconds, type Table, times } from "./table.ts";

/** The peer that comes closest to ours, or is ahead of it. */
export function bestPeer({ results }: Comparison): Result | undefined {
  const peers = results.filter(({ role, ratio }) => role === "peer" && ratio !== undefined);
  return peers.sort((a, b) => (a.ratio?.median ?? 0) - (b.ratio?.median ?? 0))[0];
}

/** A table a kind: every case beside its best peer; and on a GPU, what the GPU gains over the CPU. */
export function summaryTables(run: Run): Table[] {
  const tables = kinds.map((kind) => summaryTable(kind, run.comparisons)).filter(({ rows }) => rows.length > 0);
  // A CPU that plays the GPU says nothing of what a GPU would gain.
  if (run.environment.adapter.software) return tables;
  const gains = gainTable(run.comparisons);
  return gains.rows.length > 0 ? [...tables, gains] : tables;
}

function summaryTable(kind: Kind, comparisons: readonly Comparison[]): Table {
  const rows: string[][] = [];
  const ratios: number[] = [];
  const behind: string[] = [];
  const behindSmall: string[] = [];
  for (const comparison of comparisons) {
    const ours = comparison.results.find(({ role }) => role === "ours");
    if (comparison.kind !== kind || !ours) continue;
    const best = bestPeer(comparison);
    const ratio = best?.ratio?.median;
    const large = isLarge(comparison);
    if (large && ratio !== undefined) ratios.push(ratio);
    if (best && ratio !== undefined && ratio < 1) {
      (large ? behind : behindSmall).push(`${comparison.title} (${best.name}, ${times(ratio)})`);
    }
    rows.push([comparison.title, milliseconds(ours.wall.median), best?.name ?? "none", ratio ? times(ratio) : ""]);
  }
  const judged = ratios.length === 0 ? [] : [advantage(ratios), ...ahead(behind)];
  const small = behindSmall.length === 0 ? [] : [`Of small calls, a peer is ahead in: ${behindSmall.join("; ")}.`];
  const notes = [...judged, ...small, ...astray(kind, comparisons)];
  const title = kind === "webgpu" ? "Summary: WebGPU against WebGPU" : "Summary: CPU against CPU";
  return { title, head: ["case", "ours, ms", "best peer", "× ours"], rows, notes };
}

function advantage(ratios: readonly number[]): string {
  const least = times(Math.min(...ratios));
  const cases = `${ratios.length} ${ratios.length === 1 ? "case" : "cases"} of over 10⁵ values or samples`;
  return `The best peer takes ${times(medianOf(ratios))} our time at the median of ${cases}, ${least} at least.`;
}

/** Whether a call's work outweighs what a call costs by itself. */
function isLarge({ work: { unit, amount, ceiling } }: Comparison): boolean {
  if (unit === "") return false;
  const bytes = unit === "GB/s" ? (ceiling === "copy" ? 8 : 4) : 1;
  return amount / bytes > 1e5;
}

function ahead(behind: readonly string[]): string[] {
  return behind.length === 0 ? ["No peer is ahead in any of them."] : [`A peer is ahead in: ${behind.join("; ")}.`];
}

/** Standard errors beyond which a mean is no unlucky one. */
const LUCK = 5;

/** Means that are too far from the truth to be luck: sums that lose what they should add. */
function astray(kind: Kind, comparisons: readonly Comparison[]): string[] {
  const names = comparisons.flatMap((one) =>
    one.results.flatMap(({ name, standardErrors = 0 }) =>
      one.kind === kind && !(standardErrors <= LUCK)
        ? [`${name} at ${one.title} (${standardErrors.toFixed(0)} standard errors)`]
        : [],
    ),
  );
  return names.length === 0 ? [] : [`Means that are wrong: ${names.join("; ")}.`];
}

/** Ours on the GPU beside ours on the CPU. */
function gainTable(comparisons: readonly Comparison[]): Table {
  const oursIn = (kind: Kind, id: string) =>
    comparisons.find((one) => one.kind === kind && one.id === id)?.results.find(({ role }) => role === "ours");
  const rows = comparisons.flatMap(({ id, title, kind }) => {
    const [gpu, cpu] = [oursIn("webgpu", id), oursIn("cpu", id)];
    if (kind !== "webgpu" || !gpu || !cpu) return [];
    const gain = cpu.wall.median / gpu.wall.median;
    return [[title, milliseconds(gpu.wall.median), milliseconds(cpu.wall.median), times(gain)]];
  });
  return {
    title: "Summary: ours on the GPU against ours on the CPU",
    head: ["case", "GPU, ms", "CPU, ms", "CPU ÷ GPU"],
    rows,
  };
}
