"""Divergences of chi-squared, half-normal and geometric distributions for test/golden/divergences/members.ts (mpmath 1.3)."""
# python3 test/golden/divergences/members.py > test/golden/divergences/members.ts
from mpmath import exp, inf, log, loggamma, mp, mpf, ncdf, nstr, nsum, pi, quad

mp.dps = 40
HALF_LOG_TURN = log(2 * pi) / 2
ORDER = mpf("0.3")


def gamma(a, b):
    return lambda x: a * log(b) - loggamma(a) + (a - 1) * log(x) - b * x


def normal(m, s):
    return lambda x: -(((x - m) / s) ** 2) / 2 - log(s) - HALF_LOG_TURN


def truncated_normal(m, s, low, high):
    assert low == 0 and high == inf
    return lambda x: normal(m, s)(x) - log(ncdf(m / s))


FAMILIES = {
    "gamma": gamma,
    "chiSquared": lambda k: gamma(k / 2, mpf(1) / 2),
    "exponential": lambda r: lambda x: log(r) - r * x,
    "halfNormal": lambda s: lambda x: log(2) + normal(0, s)(x),
    "normal": normal,
    "truncatedNormal": truncated_normal,
    "weibull": lambda c, k: lambda x: log(k / c) + (k - 1) * log(x / c) - (x / c) ** k,
    "logNormal": lambda m, s: lambda x: normal(m, s)(log(x)) - log(x),
}

PAIRS = [
    (("halfNormal", 1.5), ("halfNormal", 0.75)),
    (("halfNormal", 1.5), ("normal", 0.5, 2)),
    (("halfNormal", 0.5), ("exponential", 1.25)),
    (("exponential", 2), ("halfNormal", 0.75)),
    (("halfNormal", 2), ("gamma", 2.5, 1.5)),
    (("gamma", 2.5, 1.5), ("halfNormal", 2)),
    (("halfNormal", 2), ("weibull", 1.5, 1.75)),
    (("halfNormal", 2), ("logNormal", 0.25, 0.75)),
    (("halfNormal", 2), ("chiSquared", 3)),
    (("chiSquared", 3), ("halfNormal", 2)),
    (("halfNormal", 2), ("truncatedNormal", 1, 1.5, 0, inf)),
    (("truncatedNormal", 1, 1.5, 0, inf), ("halfNormal", 2)),
    (("gamma", 2.5, 1.5), ("chiSquared", 4)),
    (("chiSquared", 4), ("gamma", 2.5, 1.5)),
    (("chiSquared", 3), ("chiSquared", 7.5)),
    (("exponential", 2), ("chiSquared", 5)),
    (("chiSquared", 5), ("exponential", 2)),
    (("chiSquared", 5), ("weibull", 1.5, 1.75)),
    (("weibull", 1.5, 1.75), ("chiSquared", 5)),
    (("chiSquared", 5), ("logNormal", 1.25, 0.5)),
    (("logNormal", 1.25, 0.5), ("chiSquared", 5)),
    (("chiSquared", 5), ("normal", 4, 3)),
]

GEOMETRIC = [(0.25, 0.5), (0.5, 0.25), (0.0625, 0.75), (0.75, 0.0625), (0.25, 0.25 + 2**-30), (0.96875, 0.5)]


def density(family):
    name, *parameters = family
    return FAMILIES[name](*[mpf(value) for value in parameters])


def integral(f):
    return quad(lambda x: f(x) if x > 0 else mpf(0), [mpf(v) for v in (0, "1e-6", "1e-3", "0.1", 1, 3, 8, 20, 60, 200)])


def shown(family):
    values = ["Infinity" if value == inf else repr(value) for value in family[1:]]
    return f'["{family[0]}", {", ".join(values)}]'


def geometric_renyi(p, q, alpha):
    ratio = (1 - p) ** alpha * (1 - q) ** (1 - alpha)
    return log(p**alpha * q ** (1 - alpha) / (1 - ratio)) / (alpha - 1) if ratio < 1 else inf


def number(value):
    return "Infinity" if value == inf else repr(float(value))


print("// Made by `python3 test/golden/divergences/members.py`: quadrature and sums of 40 digits (mpmath 1.3).\n")
print('import type { Family } from "../../support/distributions/families.ts";\n')
print("/** p, q, KL(p || q) and Rényi's divergence of order 0.3. */")
print("export const MEMBERS: readonly (readonly [p: Family, q: Family, nats: number, renyi: number])[] = [")
for p, q in PAIRS:
    a, b = density(p), density(q)
    kl = integral(lambda x: exp(a(x)) * (a(x) - b(x)))
    renyi = log(integral(lambda x: exp(ORDER * a(x) + (1 - ORDER) * b(x)))) / (ORDER - 1)
    print(f"  [{shown(p)}, {shown(q)}, {number(kl)}, {number(renyi)}],")
print("];\n")
print("/** Probabilities of p and q, KL(p || q), Rényi's divergences of order 0.3 and 2. */")
print("export const GEOMETRIC: readonly (readonly [p: number, q: number, nats: number, renyi: number, renyi2: number])[] = [")
for first, second in GEOMETRIC:
    p, q = mpf(first), mpf(second)
    kl = nsum(lambda k: p * (1 - p) ** k * (log(p / q) + k * log((1 - p) / (1 - q))), [0, inf])
    values = [first, second, kl, geometric_renyi(p, q, ORDER), geometric_renyi(p, q, mpf(2))]
    print(f"  [{', '.join(number(value) for value in values)}],")
print("];")
