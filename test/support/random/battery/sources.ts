import { fillWords, type GeneratorName } from "../../../../src/random/words.ts";

/** Fills a block with the next words. */
export type Source = (block: Uint32Array) => void;

const AHEAD = 64;

/** Words of streams 0, 1, … count - 1 of a generator, one of each in turn. */
export function interleavedStreams(generator: GeneratorName, count: number, seed: readonly [number, number]): Source {
  const part = new Uint32Array(AHEAD);
  const ready = new Uint32Array(AHEAD * count);
  let at = ready.length;
  let first = 0;
  const refill = () => {
    for (let stream = 0; stream < count; stream++) {
      fillWords(part, { generator, seed, stream }, 0, 0, first);
      for (let k = 0; k < AHEAD; k++) ready[k * count + stream] = part[k] as number;
    }
    first += AHEAD;
    at = 0;
  };
  return (block) => {
    for (let k = 0; k < block.length; ) {
      if (at === ready.length) refill();
      const some = Math.min(ready.length - at, block.length - k);
      block.set(ready.subarray(at, at + some), k);
      at += some;
      k += some;
    }
  };
}

/** RANDU, x' = 65539 x mod 2^31, its 31 bits at the top of the word: consecutive triples lie on 15 planes. */
export function randu(seed = 1): Source {
  let state = seed;
  return (block) => {
    for (let k = 0; k < block.length; k++) {
      state = Math.imul(65_539, state) & 0x7fffffff;
      block[k] = state << 1;
    }
  };
}

/** Linear congruential generators x' = 1664525 x + 1013904223 mod 2^32 that differ in their start, one of each in turn. */
export function interleavedLcg(count: number): Source {
  const states = Uint32Array.from({ length: count }, (_, k) => Math.imul(k + 1, 0x9e3779b9));
  let turn = 0;
  return (block) => {
    for (let k = 0; k < block.length; k++) {
      const state = Math.imul(1_664_525, states[turn] as number) + 1_013_904_223;
      states[turn] = state;
      block[k] = state;
      turn = turn + 1 === count ? 0 : turn + 1;
    }
  };
}
