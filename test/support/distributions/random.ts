/** Random numbers of a test's own, and random parameters. */
export class Random {
  #state: number;
  /** Sizes are from 10^-decades to 10^decades. */
  readonly decades: number;
  /** Probabilities are as near to 0 and 1 as 0.5 10^-digits. */
  readonly digits: number;

  constructor(seed: number, { decades = 6, digits = 6 } = {}) {
    this.#state = seed >>> 0;
    this.decades = decades;
    this.digits = digits;
  }

  /** From 0 to below 1 (mulberry32). */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Log-uniform over the decades, or over fewer where a family takes no more. */
  size(most = this.decades): number {
    const decades = Math.min(most, this.decades);
    return 10 ** (2 * decades * this.uniform() - decades);
  }

  location(most = this.decades): number {
    return this.uniform() < 0.5 ? -this.size(most) : this.size(most);
  }

  /** Log-uniform distances from 0 or 1. */
  probability(): number {
    const distance = 0.5 * 10 ** (-this.digits * this.uniform());
    return this.uniform() < 0.5 ? distance : 1 - distance;
  }

  /** An interval whose ends f32 tells apart. */
  interval(most = this.decades): readonly [low: number, high: number] {
    const low = this.location(most);
    return [low, low + Math.max(this.size(most), 2 ** -20 * Math.abs(low))];
  }

  list<T>(length: number, of: (k: number) => T): T[] {
    return Array.from({ length }, (_, k) => of(k));
  }
}

/** A seed of a name. */
export function seedOf(name: string): number {
  return [...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16777619), 2166136261);
}
