import { InputError } from "../core/errors.ts";
import { shown } from "../core/options.ts";

/** A number up to 2^53 - 1, or a bigint below 2^64. */
export type Seed = number | bigint;

/**
 * The two words of a seed, the lower one first; the same for `5` and `5n`.
 *
 * @param where - what the message starts with
 * @throws InputError for anything but a whole number in [0, 2^53) or a bigint in [0, 2^64)
 */
export function seedWords(seed: Seed, where: string): readonly [lo: number, hi: number] {
  if (typeof seed === "bigint" && seed >= 0n && seed < 2n ** 64n) {
    return [Number(seed & 0xffff_ffffn), Number(seed >> 32n)];
  }
  if (typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0) {
    return [seed >>> 0, Math.floor(seed / 2 ** 32)];
  }
  throw new InputError(
    `${where}: seed must be a whole number in [0, 2^53) or a bigint in [0, 2^64), got ${shown(seed)}`,
  );
}

/** A seed's 16 hexadecimal digits. */
export function seedHex([lo, hi]: readonly [lo: number, hi: number]): string {
  return hi.toString(16).padStart(8, "0") + lo.toString(16).padStart(8, "0");
}
