import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";
import { BLOCK_SAMPLES } from "../sampling/integrand.ts";
import type { Estimate, Snapshot, VectorEstimate } from "./estimate.ts";
import { estimateOfSums } from "./estimate-of.ts";
import { methodOfScheme } from "./methods/index.ts";
import { checkSnapshot, sealed, talliesOf } from "./snapshot.ts";

type Mergeable = Estimate | VectorEstimate | Snapshot;

/**
 * Joins runs over disjoint ranges of the same samples, from any machines: the result has the bits of one run over all of them.
 *
 * Ranges start and end on multiples of 65,536 samples (131,072 for antithetic pairs).
 *
 * @throws InputError for ranges that overlap or end within a block, and for runs that differ in anything but their range
 */
export function mergeEstimates<E extends Mergeable>(
  ...parts: readonly E[]
): E extends Snapshot ? Estimate | VectorEstimate : E {
  const where = "mergeEstimates";
  const [first, ...others] = parts.map((part, k) => snapshotIn(part, `${where}: argument ${k + 1}`));
  if (!first) throw new InputError(`${where}: needed at least one estimate or snapshot`);
  const other = others.findIndex((snapshot) => snapshot.fingerprint !== first.fingerprint);
  if (other >= 0) {
    throw new InputError(
      `${where}: arguments 1 and ${other + 2} are of different runs (${first.fingerprint} and ${others[other]?.fingerprint}): formula, distribution, parameters, method, seed, stream and generator must be the same`,
    );
  }
  const snapshots = [first, ...others];
  const ranges = joined(
    snapshots.flatMap(({ ranges }) => ranges),
    where,
  );
  const tallies = talliesOf(first, where);
  for (const snapshot of others) {
    talliesOf(snapshot, where).forEach((tally, r) => {
      tallies[r]?.add(tally);
    });
  }
  const { checksum: _, ...content } = first;
  const snapshot = sealed({ ...content, ranges, tallies: tallies.map((tally) => tally.save()) });
  const samples = ranges.reduce((sum, [, held]) => sum + held, 0);
  const backends = parts.map((part) => ("backend" in part ? part.backend : "cpu"));
  const seconds = parts.reduce((sum, part) => sum + ("seconds" in part ? part.seconds : 0), 0);
  const backend = backends.every((one) => one === "webgpu") ? "webgpu" : "cpu";
  const estimate = estimateOfSums(first.scheme, tallies, { samples, seconds, backend, snapshot });
  return estimate as ReturnType<typeof mergeEstimates<E>>;
}

function snapshotIn(part: Mergeable, where: string): Snapshot {
  if (typeof part !== "object" || part === null || part instanceof Promise) {
    throw new InputError(`${where}: needed an estimate or a snapshot, got ${shown(part)}`);
  }
  if (!("snapshot" in part)) return checkBlocks(checkSnapshot(part, where), where);
  const snapshot = checkSnapshot(part.snapshot, where);
  const held = snapshot.ranges.reduce((sum, [, samples]) => sum + samples, 0);
  if (held !== part.samples) {
    throw new InputError(
      `${where}: its ${part.samples} samples do not end on a block of ${BLOCK_SAMPLES}; ${held} of them do. Merge its snapshot to leave the rest out`,
    );
  }
  return checkBlocks(snapshot, where);
}

function checkBlocks(snapshot: Snapshot, where: string): Snapshot {
  const { group = 1 } = snapshot.scheme;
  const step = methodOfScheme(snapshot.scheme).samplesPerDraw * group * BLOCK_SAMPLES;
  const off = snapshot.ranges.find(([first]) => first % step !== 0);
  if (off) throw new InputError(`${where}: its samples start at ${off[0]}, which is not a multiple of ${step}`);
  return snapshot;
}

/** Ranges in order, neighbours joined; throws InputError where two overlap. */
function joined(ranges: Snapshot["ranges"], where: string): Snapshot["ranges"] {
  const result: (readonly [number, number])[] = [];
  for (const [first, samples] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    const end = last ? last[0] + last[1] : -1;
    if (first < end)
      throw new InputError(
        `${where}: samples ${first} to ${Math.min(end, first + samples) - 1} are in two of the runs`,
      );
    if (last && first === end) result[result.length - 1] = [last[0], last[1] + samples];
    else result.push([first, samples]);
  }
  return result;
}
