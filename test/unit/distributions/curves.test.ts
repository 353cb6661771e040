import { describe, expect, it } from "vitest";
import { tabulated } from "../../../src/distributions/cpu/curve.ts";
import { keyOf, numberAt, numberOf, ONE_KEY, placeOf, ZERO_KEY } from "../../../src/distributions/curve/keys.ts";
import { interpolated, valueIn } from "../../../src/distributions/curve/polynomial.ts";
import { type Curved, tableOf } from "../../../src/distributions/curve/tables.ts";
import {
  bernoulli,
  beta,
  binomial,
  categorical,
  geometric,
  mixture,
  normal,
  poisson,
  type ScalarDistribution,
  studentT,
  truncatedNormal,
  uniform,
  vonMises,
} from "../../../src/distributions/index.ts";
import type { NumberFamily } from "../../support/distributions/description.ts";
import { numberFamilies } from "../../support/distributions/families.ts";
import { Random, seedOf } from "../../support/distributions/random.ts";
import { numbers } from "../../support/numbers.ts";

// Costs some ten seconds of CPU time.

const next = numbers(2_026);
const share = () => (next(2 ** 30) + 0.5) / 2 ** 30;

/** Families as they are described, and what else tables have to do with. */
const FAMILIES: readonly Pick<NumberFamily, "name" | "draw">[] = [
  ...numberFamilies,
  {
    name: "mixture with gaps",
    draw: (r) => mixture([0.999, 0.001], [uniform(...r.interval()), uniform(...r.interval())]),
  },
  {
    name: "mixture of whole numbers",
    draw: (r) => mixture([0.25, 0.75], [poisson(r.size()), geometric(r.probability())]),
  },
];

/** What the documentation promises, relative to the value. */
const TOLERANCE = 4e-6;
const SMALLEST = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** The error relative to a value of normal f32 size; below that, relative to the smallest of them; at infinities, 0 or Infinity. */
function errorOf(got: number, want: number): number {
  const within = Math.abs(want) < LARGEST * (1 - TOLERANCE);
  if (within) return Math.abs(got - want) / Math.max(Math.abs(want), SMALLEST);
  return Math.sign(got) === Math.sign(want) && Math.abs(got) >= LARGEST * (1 - 2 * TOLERANCE)
    ? 0
    : Number.POSITIVE_INFINITY;
}

/** Whether x is a quantile of this level, to f32: near 0 it may be a difference that leaves f64 no digit to compare by. */
function isQuantile(of: ScalarDistribution, x: number, level: number): boolean {
  return Math.abs(of.cdf(x) - level) <= 2 ** -22 * level;
}

function expectTable(of: ScalarDistribution, name: Curved, points: readonly number[]): void {
  const table = tableOf(of, name);
  const { starts, steps } = table.curve;
  const beside = Array.from({ length: 100 }, () => numberOf((starts[next(starts.length)] as number) - next(2)));
  const some = [...points, ...beside].map(Math.fround).filter((x) => name !== "icdf" || (x >= 0 && x <= 1));
  for (const x of some) {
    const [got, want] = [tabulated(table, name === "icdf", x), of[name](x)];
    const what = `${of.name} ${JSON.stringify(of)}: ${name}(${x}) = ${want}, got ${got}`;
    if (name === "icdf" && table.whole) {
      // Steps give the very number; where there are more, it may be the one beside.
      const apart = Math.abs(got - Math.fround(want));
      const exact = steps === starts.length || want < 2 ** 15;
      if (apart > (exact ? 0 : 1) && (exact || errorOf(got, want) > TOLERANCE)) expect.fail(what);
    } else if (errorOf(got, want) > TOLERANCE && !(name === "icdf" && isQuantile(of, got, x))) expect.fail(what);
  }
}

describe("tables of", () => {
  it.each(FAMILIES)("$name have the promised accuracy", ({ name, draw }) => {
    const of = draw(new Random(seedOf(name), { digits: 12 }));
    const levels = Array.from({ length: 60 }, share);
    const points = levels.flatMap((level) => {
      const some = [of.icdf(level), of.icdf(10 ** (-40 * level)), of.icdf(1 - 10 ** (-16 * level))].map(Math.fround);
      return [...some, ...some.map((x) => numberOf(keyOf(x) + next(9) - 4)), numberOf(next(2 ** 32))];
    });
    for (const function_ of ["cdf", "survival", "logCdf", "logSurvival"] as const) expectTable(of, function_, points);
    const sizes = levels.flatMap((level) => [level, 10 ** (-45 * level), 1 - 2 ** -24 * next(2 ** next(24))]);
    expectTable(of, "icdf", [0, 1, ...sizes, ...levels.map(() => numberOf(ZERO_KEY + next(ONE_KEY - ZERO_KEY)))]);
  });

  // What takes longest to evaluate.
  it.each([
    beta(1e6, 1e6),
    studentT(1e6),
    vonMises(1, 1e4),
    truncatedNormal(0, 1, -1, 3),
    poisson(1e6),
    binomial(1e6, 0.3),
    geometric(1e-6),
    mixture([0.25, 0.75], [beta(2, 3), beta(30, 4)]),
    mixture(
      Array.from({ length: 20 }, () => 1 / 20),
      Array.from({ length: 20 }, (_, k) => uniform(2 * k, 2 * k + 1.1)),
    ),
  ])("$name cost some thousand values of it", (of) => {
    for (const name of ["cdf", "logCdf", "icdf"] as const) {
      let [values, quantiles] = [0, 0];
      const counted = {
        ...of,
        support: of.support,
        [name]: (x: number) => {
          values++;
          return of[name](x);
        },
        ...(name === "icdf"
          ? {
              cdf(x: number) {
                values++;
                return of.cdf(x);
              },
              icdf(p: number) {
                quantiles++;
                return of.icdf(p);
              },
            }
          : {}),
      } as unknown as ScalarDistribution;
      tableOf(counted, name);
      expect(values).toBeLessThan(20_000);
      expect(quantiles).toBeLessThan(500);
    }
  });

  it("whole numbers give each of them the levels up to its own", () => {
    for (const of of [poisson(300), binomial(5_000, 0.7), categorical([0.25, 0, 0.5, 0.25]), bernoulli(0.5)]) {
      const table = tableOf(of, "icdf");
      const [first, last] = [of.icdf(2 ** -149), of.icdf(1 - 2 ** -24)];
      for (let k = first; k < last; k++) {
        const key = Math.floor(placeOf(of.cdf(k)));
        for (const p of [numberOf(key - 1), numberOf(key), numberOf(key + 1), numberOf(key + 2)]) {
          if (p < 1) expect(tabulated(table, true, p), `${of.name} ${p}`).toBe(of.icdf(p));
        }
      }
    }
  });

  it("a distribution are made once", () => {
    const of = normal(0, 1);
    expect(tableOf(of, "cdf")).toBe(tableOf(of, "cdf"));
    expect(tableOf(normal(0, 1), "cdf")).not.toBe(tableOf(of, "cdf"));
  });
});

describe("keys", () => {
  it("have the numbers' order, and give them back", () => {
    const some = [
      Number.NEGATIVE_INFINITY,
      -LARGEST,
      -1.5,
      -1,
      -SMALLEST,
      -(2 ** -149),
      0,
      2 ** -149,
      0.75,
      1,
      LARGEST,
    ];
    const keys = some.map(keyOf);
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    expect(keys.map(numberOf)).toEqual(some);
    expect(keyOf(-0)).toBe(keyOf(0));
  });

  it("are the places of f32 numbers, and others have theirs between", () => {
    for (let k = 0; k < 1_000; k++) {
      const key = ZERO_KEY + next(0x7f800000) * (next(2) === 0 ? 1 : -1);
      expect(placeOf(numberOf(key))).toBe(key);
      expect(numberAt(key)).toBe(numberOf(key));
      // 2^-21 is what f64 resolves between keys.
      const place = key + share();
      expect(Math.abs(placeOf(numberAt(place)) - place)).toBeLessThan(2 ** -20);
    }
  });
});

describe("a polynomial", () => {
  it("runs through its knots, twice the same one among them", () => {
    const f = (t: number) => 1 + t * (2 - t * (3 - t * 0.5));
    const knots = [0, 0.25, 0.25, 0.5, 0.75, 1].map((t) => ({ t, value: f(t) }));
    const coefficients = interpolated(knots);
    [1, 2, -3, 0.5, 0, 0].forEach((want, k) => void expect(coefficients[k]).toBeCloseTo(want, 12));
    expect(valueIn(coefficients.map(Math.fround), 0.5)).toEqual({
      sum: Math.fround(f(0.5)),
      terms: 1 + 1 + 0.75 + 0.0625,
    });
  });
});
