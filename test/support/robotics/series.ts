/** Numbers from -1 to 1, the same as robotics.py's to the bit. */
export function series(count: number, modulus = 2_003): number[] {
  return Array.from({ length: count }, (_, k) => ((k * 7_919 + 13) % modulus) / ((modulus - 1) / 2) - 1);
}
