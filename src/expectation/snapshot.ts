import { InputError } from "../core/errors.ts";
import { BLOCK_SAMPLES } from "../sampling/integrand.ts";
import type { Scheme, Snapshot } from "./estimate.ts";
import { canonical, fingerprint } from "./fingerprint.ts";
import type { Run } from "./run.ts";
import type { Sums } from "./sums.ts";
import { Tally } from "./tally.ts";

/** The whole blocks of a run as plain JSON. */
export function snapshotOf(run: Run, scheme: Scheme, sums: Sums): Snapshot {
  const { offset, replicates, samplesPerDraw } = run;
  const each = sums.whole[0]?.count ?? 0;
  const samples = each * samplesPerDraw * replicates;
  return sealed({
    version: 1,
    fingerprint: run.fingerprint,
    scheme,
    ranges: samples === 0 ? [] : [[offset * samplesPerDraw, samples]],
    tallies: sums.whole.map((tally) => tally.save()),
  });
}

/** A snapshot with its checksum. */
export function sealed(content: Omit<Snapshot, "checksum">): Snapshot {
  return { ...content, checksum: fingerprint(canonical(content)) };
}

/** Fingerprints of estimates that hold no sums: one of many replicates, and a sum over all values. */
export const REPLICATE = "replicate";
export const EXACT = "exact";

/** Takes a value for a snapshot; throws InputError for anything else, and for one that was changed. */
export function checkSnapshot(value: unknown, where: string): Snapshot {
  const snapshot = value as Partial<Snapshot> | null | undefined;
  if (typeof snapshot !== "object" || snapshot === null || typeof snapshot.fingerprint !== "string") {
    throw new InputError(`${where}: needed the snapshot of an estimate, got something else`);
  }
  if (snapshot.fingerprint === REPLICATE) {
    throw new InputError(`${where}: replicates keep no sums; run the expectation on that stream by itself`);
  }
  if (snapshot.fingerprint === EXACT) throw new InputError(`${where}: an exact expectation has nothing to go on from`);
  if (snapshot.version !== 1) throw new InputError(`${where}: needed a snapshot of version 1, got ${snapshot.version}`);
  const { checksum, ...content } = snapshot as Snapshot;
  if (checksum !== fingerprint(canonical(content))) {
    throw new InputError(`${where}: the snapshot is damaged (its checksum does not fit)`);
  }
  return snapshot as Snapshot;
}

/**
 * A snapshot that a run can go on from, as a copy: the caller may change theirs while the run goes on.
 *
 * @throws InputError for anything else; whether it is of this very run is only known with a control variate's coefficient
 */
export function checkResume(run: Run, value: Snapshot): Snapshot {
  const { where, offset, replicates, samplesPerDraw, samples, call } = run;
  const snapshot = structuredClone(checkSnapshot(value, `${where}: resume`));
  if (!call.control) checkFingerprint(run, snapshot);
  if (snapshot.ranges.length === 0) return snapshot;
  const [range] = snapshot.ranges as readonly (readonly [number, number])[];
  const [first, held] = range as readonly [number, number];
  if (snapshot.ranges.length > 1 || first !== offset * samplesPerDraw) {
    throw new InputError(`${where}: resume must hold samples from ${offset * samplesPerDraw} on without a gap`);
  }
  if (held > samples)
    throw new InputError(`${where}: resume holds ${held} samples already, and samples asks for ${samples}`);
  const end = offset + held / samplesPerDraw / replicates;
  if (end % BLOCK_SAMPLES !== 0) throw new InputError(`${where}: the snapshot's samples do not end on a block`);
  talliesOf(snapshot, where);
  return snapshot;
}

/** How many blocks of each replicate a snapshot spares a run; throws InputError if it belongs to another. */
export function blocksIn(run: Run, snapshot: Snapshot): number {
  checkFingerprint(run, snapshot);
  const { offset, replicates, samplesPerDraw } = run;
  const held = snapshot.ranges.reduce((sum, [, samples]) => sum + samples, 0);
  const end = offset + held / samplesPerDraw / replicates;
  return held === 0 ? 0 : end / BLOCK_SAMPLES - Math.floor(offset / BLOCK_SAMPLES);
}

function checkFingerprint({ where, fingerprint }: Run, snapshot: Snapshot): void {
  if (snapshot.fingerprint === fingerprint) return;
  throw new InputError(
    `${where}: resume is of another run (${snapshot.fingerprint}, this one is ${fingerprint}): formula, distribution, parameters, method, seed, stream and generator must be the same`,
  );
}

/** The tallies that a snapshot holds. */
export function talliesOf(snapshot: Snapshot, where: string): readonly Tally[] {
  const { scheme } = snapshot;
  if (snapshot.tallies.length !== scheme.shifts.length)
    throw new InputError(`${where}: the snapshot's sums are damaged`);
  return snapshot.tallies.map((saved, r) => {
    const tally = new Tally(scheme.outputs, scheme.tallies, scheme.shifts[r] ?? []);
    tally.restore(saved, where);
    return tally;
  });
}
