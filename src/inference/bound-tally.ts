import type { Engine } from "../engine/engine.ts";
import type { CheckedCall } from "../expectation/checked-call.ts";
import type { Estimate, Scheme } from "../expectation/estimate.ts";
import { estimateOfSums } from "../expectation/estimate-of.ts";
import { fingerprint } from "../expectation/fingerprint.ts";
import { sealed } from "../expectation/snapshot.ts";
import { Tally } from "../expectation/tally.ts";
import { signature } from "../expression/program.ts";
import { seedHex } from "../random/seed.ts";
import { drawer } from "../sampling/draws.ts";
import { BLOCK_SAMPLES, type Integrand, recordLayout, type Tallies } from "../sampling/integrand.ts";

/** The values of an importance-weighted bound: what they are of, and where they start. */
export interface BoundValues {
  /** The log-weight of a draw. */
  readonly integrand: Integrand;
  readonly particles: number;
  /** Index of the first value. */
  readonly offset: number;
}

const TALLIES: Tallies = { higher: true, products: [], peaks: [] };
const LAYOUT = recordLayout(1, TALLIES);

/** Sums of values that come to the host one by one, in the blocks of every other estimate, so that runs can be merged as theirs. */
export class BoundTally {
  readonly #scheme: Scheme;
  readonly #fingerprint: string;
  readonly #where: string;
  readonly #offset: number;
  readonly #shift: number;
  /** Blocks that were seen to their end. */
  readonly #whole: Tally;
  /** Powers of the distances from the shift in the block that was not. */
  readonly #powers = [0, 0, 0, 0];
  #open = 0;
  #nonFinite = 0;

  constructor(call: CheckedCall, { integrand, particles, offset }: BoundValues) {
    const { where, address, method } = call;
    this.#where = where;
    this.#offset = offset;
    this.#shift = firstValue(integrand, particles, address);
    this.#whole = new Tally(1, TALLIES, [this.#shift]);
    const { program, parameters, variates } = integrand;
    const identity = [where, signature(program), parameters, variates, particles, address];
    this.#fingerprint = fingerprint(JSON.stringify(identity));
    this.#scheme = {
      method,
      scalar: true,
      functions: 1,
      outputs: 1,
      tallies: TALLIES,
      shifts: [[this.#shift]],
      indicators: [false],
      constants: [false],
      role: "plain",
      generator: address.generator,
      seed: seedHex(address.seed),
      stream: address.stream,
      warnings: [],
    };
  }

  /** Values so far. */
  get count(): number {
    return this.#whole.count + this.#open;
  }

  /** How many values there are to the end of the block. */
  get room(): number {
    return BLOCK_SAMPLES - ((this.#offset + this.count) % BLOCK_SAMPLES);
  }

  /** Adds values, no more than there is room for. */
  add(values: readonly number[]): void {
    for (const value of values) {
      const d = value - this.#shift;
      if (!Number.isFinite(d)) this.#nonFinite += 1;
      else for (let k = 0; k < 4; k++) this.#powers[k] = (this.#powers[k] ?? 0) + d ** (k + 1);
    }
    const end = values.length === this.room;
    this.#open += values.length;
    if (!end) return;
    this.#whole.fold(this.#record(), this.#open, this.#where);
    this.#powers.fill(0);
    this.#open = 0;
    this.#nonFinite = 0;
  }

  estimate(engine: Engine, seconds: number): Estimate {
    const tally = this.#whole.copy();
    if (this.#open > 0) tally.fold(this.#record(), this.#open, this.#where);
    const held = this.#whole.count;
    const snapshot = sealed({
      version: 1,
      fingerprint: this.#fingerprint,
      scheme: this.#scheme,
      ranges: held === 0 ? [] : [[this.#offset, held]],
      tallies: [this.#whole.save()],
    });
    const seen = { samples: this.count, seconds, backend: engine.backend, snapshot };
    return estimateOfSums(this.#scheme, [tally], seen) as Estimate;
  }

  #record(): Uint32Array {
    const record = new Uint32Array(LAYOUT.words);
    const floats = new Float32Array(record.buffer);
    [LAYOUT.first(0), LAYOUT.second(0), LAYOUT.third(0), LAYOUT.fourth(0)].forEach((word, k) => {
      floats[word] = this.#powers[k] ?? 0;
    });
    record[LAYOUT.nonFinite(0)] = this.#nonFinite;
    record[LAYOUT.count] = this.#open;
    return record;
  }
}

/** The bound's value 0 of a stream, whatever the range: what its values are summed about. 0 where it is not finite. */
function firstValue(integrand: Integrand, particles: number, address: CheckedCall["address"]): number {
  const count = Math.ceil(particles / 4) * 4;
  const [weights = []] = drawer(integrand, "f64", count)(address, 0, count).outputs;
  const own = Array.from(weights).slice(0, particles);
  const peak = own.reduce((most, weight) => Math.max(most, weight), Number.NEGATIVE_INFINITY);
  const value = peak + Math.log(own.reduce((sum, weight) => sum + Math.exp(weight - peak), 0) / particles);
  return Number.isFinite(value) ? Math.fround(value) : 0;
}
