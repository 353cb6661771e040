"""Makes gamma.ts: python3 test/golden/arithmetic/gamma.py > test/golden/arithmetic/gamma.ts (mpmath 1.3), then npx biome check --write on it."""

from mpmath import digamma, loggamma, mp, mpf, psi

mp.dps = 700

X = [1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.49, 0.5, 0.51, 0.7, 0.9, 0.99, 0.999999, 1.000001, 1.01, 1.2, 1.4]
X += [1.49, 1.5, 1.51, 1.7, 1.99, 1.9999999, 2.0000001, 2.01, 2.3, 2.49, 2.5, 2.51, 2.7, 3.1, 3.5, 4.2, 5.5, 7.0, 8.3, 9.9]
X += [10.0, 10.1, 12.0, 15.0, 20.0, 50.0, 100.0, 1e3, 1e5, 1e8, 1e15, 1e100, 1e300]
# Where 1 / x^2 fits f64.
SQUARED = [x for x in X if 1e-150 < x]
PAIRS = [(1e-9, 1e-9), (1e-9, 3.0), (0.3, 0.7), (0.5, 0.5), (2.5, 3.5), (9.9, 9.9), (9.9, 10.1), (0.4, 25.0), (1e-8, 1e6)]
PAIRS += [(3.3, 1e8), (10.0, 10.0), (12.0, 700.0), (1e5, 1e5), (20.0, 1e12), (1e15, 1e16)]
NEAR = [1e-300, 1e-15, 1e-9, 1e-4, 0.1, 0.24, 0.26, 0.4, 0.6, 0.99, 1.01, 1.4, 1.6, 3.0, 40.0]


def rows(name, values):
    print(f"\nexport const {name}: readonly (readonly [x: number, value: number])[] = [")
    for x, value in values:
        print(f"  [{x!r}, {float(value)!r}],")
    print("];")


print("// Made by gamma.py with mpmath 1.3 at 700 digits: each row is x, then the function at the f64 x, rounded to f64.")
rows("LGAMMA", [(x, loggamma(mpf(x))) for x in X])
rows("DIGAMMA", [(x, digamma(mpf(x))) for x in X])
rows("TRIGAMMA", [(x, psi(1, mpf(x))) for x in SQUARED])
rows("LGAMMA_1P", [(z, loggamma(1 + mpf(z))) for z in NEAR])
rows("LGAMMA_1P_GAP", [(z, loggamma(1 + 2 * mpf(z)) - 2 * loggamma(1 + mpf(z))) for z in NEAR[1:]])
print("\n// a, b, log B(a, b)")
print("export const LOG_BETA: readonly (readonly [a: number, b: number, value: number])[] = [")
for a, b in PAIRS:
    print(f"  [{a!r}, {b!r}, {float(loggamma(mpf(a)) + loggamma(mpf(b)) - loggamma(mpf(a) + mpf(b)))!r}],")
print("];")
