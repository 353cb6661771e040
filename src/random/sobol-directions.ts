// Apart from sobol.ts because of the table's size: what needs directions imports this module on demand.
import { InputError } from "../core/errors.ts";
import { SOBOL_DIMENSIONS } from "./sobol.ts";
import { INITIAL_NUMBERS } from "./sobol-numbers.ts";

/**
 * Direction words of the first `dimensions` coordinates: word [32 c + b] is what bit b of an index adds (by XOR) to
 * coordinate c, most significant bit first. Each coordinate has a primitive polynomial over the field of two elements,
 * and initial numbers by S. Joe and F. Y. Kuo (SIAM J. Sci. Comput. 30, 2635, 2008).
 *
 * @throws InputError unless 1 <= dimensions <= 1,111.
 */
export function sobolDirections(dimensions: number): Uint32Array {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > SOBOL_DIMENSIONS) {
    throw new InputError(`sobol: needed 1 to ${SOBOL_DIMENSIONS} dimensions, got ${dimensions}`);
  }
  const directions = new Uint32Array(32 * dimensions);
  for (let bit = 0; bit < 32; bit++) directions[bit] = 2 ** (31 - bit);
  const numbers = initialNumbers();
  const polynomials = primitivePolynomials();
  for (let c = 1; c < dimensions; c++) {
    expand(directions.subarray(32 * c, 32 * c + 32), polynomials.next().value ?? 0, numbers);
  }
  return directions;
}

/** Fills a coordinate's words: the first `degree` of them from its initial numbers, the others by the recurrence. */
function expand(row: Uint32Array, polynomial: number, numbers: (k: number) => number): void {
  const degree = degreeOf(polynomial);
  for (let k = 0; k < degree; k++) row[k] = numbers(k) << (31 - k);
  for (let k = degree; k < 32; k++) {
    let word = (row[k - degree] ?? 0) >>> degree;
    for (let back = 1; back <= degree; back++) {
      if ((polynomial >>> (degree - back)) & 1) word ^= row[k - back] ?? 0;
    }
    row[k] = word;
  }
}

/** Reads the packed table in order: the k-th number of a coordinate (from 0) is odd, and has k bits before its last. */
function initialNumbers(): (k: number) => number {
  const bytes = atob(INITIAL_NUMBERS);
  let at = 0;
  return (k) => {
    let number = 0;
    for (let bit = 0; bit < k; bit++, at++) {
      number = 2 * number + ((bytes.charCodeAt(at >>> 3) >>> (7 - (at & 7))) & 1);
    }
    return 2 * number + 1;
  };
}

/** Primitive polynomials over the field of two elements in increasing order, bit k the coefficient of x^k. */
function* primitivePolynomials(): Generator<number, undefined> {
  for (let polynomial = 3; ; polynomial += 2) if (isPrimitive(polynomial)) yield polynomial;
}

/** Whether the powers of x modulo the polynomial run through all residues but 0. */
function isPrimitive(polynomial: number): boolean {
  const order = 2 ** degreeOf(polynomial) - 1;
  if (powerOfX(order, polynomial) !== 1) return false;
  return primeFactors(order).every((prime) => powerOfX(order / prime, polynomial) !== 1);
}

function powerOfX(exponent: number, polynomial: number): number {
  let power = 1;
  for (let bit = degreeOf(exponent); bit >= 0; bit--) {
    power = product(power, power, polynomial);
    if ((exponent >>> bit) & 1) power = product(power, 2, polynomial);
  }
  return power;
}

/** a·b modulo the polynomial. */
function product(a: number, b: number, polynomial: number): number {
  const degree = degreeOf(polynomial);
  let sum = 0;
  let shifted = a;
  for (let rest = b; rest !== 0; rest >>>= 1) {
    if (rest & 1) sum ^= shifted;
    shifted <<= 1;
    if (shifted >>> degree) shifted ^= polynomial;
  }
  return sum;
}

function primeFactors(n: number): readonly number[] {
  const primes: number[] = [];
  let rest = n;
  for (let prime = 2; rest > 1; prime++) {
    if (rest % prime === 0) primes.push(prime);
    while (rest % prime === 0) rest /= prime;
  }
  return primes;
}

function degreeOf(polynomial: number): number {
  return 31 - Math.clz32(polynomial);
}
