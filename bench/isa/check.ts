import type { HotLoop, Measured } from "./measure.ts";

/** What was measured in one run. */
export interface IsaRun {
  readonly date: string;
  /** Mesa's version. */
  readonly driver: string;
  readonly targets: readonly { readonly target: string; readonly kernels: readonly Measured[] }[];
}

/** What later runs are held against: of each of our kernels, by its name, on each target. */
export interface IsaRecord {
  readonly date: string;
  readonly driver: string;
  readonly targets: Readonly<Record<string, Readonly<Record<string, Kept>>>>;
}

interface Kept {
  /** Registers that found no room: above 0 in kernels that are known to need mending. */
  readonly spills: number;
  readonly registers: number;
  readonly inFlight: number;
  /** Operations a value of each hot loop. */
  readonly operations: readonly number[];
}

/** How much more than its record a loop may cost. */
const SLACK = 1.05;

export function recordOf({ date, driver, targets }: IsaRun): IsaRecord {
  const kept = targets.map(({ target, kernels }) => {
    const own = kernels.filter(({ library }) => library === "surprisal");
    return [target, Object.fromEntries(own.map((one) => [nameOf(one), keptOf(one)]))] as const;
  });
  return { date, driver, targets: Object.fromEntries(kept) };
}

function keptOf({ spills, registers, inFlight, loops }: Measured): Kept {
  return { spills, registers, inFlight, operations: loops.map((loop) => Number(perValue(loop).toFixed(3))) };
}

/**
 * What is wrong with a run: a kernel that keeps more in memory of what it computes with than its record says, which is nothing of most, one whose
 * hot loop costs more than its record by over 5 %, one without a record. They are compared where one version of Mesa compiled both.
 */
export function faults(run: IsaRun, record: IsaRecord): readonly string[] {
  const found: string[] = [];
  for (const { target, kernels } of run.targets) {
    for (const one of kernels.filter(({ library }) => library === "surprisal")) {
      const where = `${nameOf(one)} on ${target}`;
      if (run.driver === record.driver) found.push(...worse(one, record.targets[target]?.[nameOf(one)], where));
    }
  }
  return found;
}

function worse({ loops, spills }: Measured, had: Kept | undefined, where: string): readonly string[] {
  if (!had) return [`${where} has no record; npm run bench:isa -- --record makes one`];
  const spilled = spills > had.spills ? [`${where}: ${spills} registers spilled, recorded ${had.spills}`] : [];
  const dearer = loops.flatMap((loop, k) => {
    const [now, before] = [perValue(loop), had.operations[k]];
    if (before !== undefined && now <= SLACK * before) return [];
    return [
      `${where}, the loop that ${loop.part}: ${now.toFixed(2)} operations a value, recorded ${before ?? "without it"}`,
    ];
  });
  return [...spilled, ...dearer];
}

function nameOf({ call, kernel }: Measured): string {
  return `${call}, ${kernel}`;
}

/** Operations a value of 32 bits that a loop reads or writes; of one that only computes, a trip. */
export function perValue({ operations, bytesRead, bytesWritten }: HotLoop): number {
  const bytes = Math.max(bytesRead, bytesWritten);
  return bytes > 0 ? (4 * operations) / bytes : operations;
}
