"""Divergences of distributions of numbers by tanh-sinh quadrature of their densities in 80-bit floats: prints divergences.ts.

python3 test/golden/divergences/divergences.py > test/golden/divergences/divergences.ts   (NumPy 2.4 on x86, mpmath 1.3; a minute)
"""
import mpmath
import numpy as np

mpmath.mp.dps = 30
L = np.longdouble
inf = L(np.inf)
pi = L("3.14159265358979323846264338327950288")
exp, log, sqrt, cos, fabs, expm1, log1p = np.exp, np.log, np.sqrt, np.cos, np.abs, np.expm1, np.log1p

def high80(value):
    """An mpmath number in 80 bits."""
    return L(mpmath.nstr(value, 22))

def exact(a):
    return mpmath.mpf(np.format_float_positional(a, unique=True, precision=25))

# name, arguments; log-density; support; where to split the integral
def family(name, *a):
    a = [L(v) for v in a]
    if name == "normal":
        m, s = a
        return lambda x: -((x - m) / s) ** 2 / 2 - log(s) - log(2 * pi) / 2, (-inf, inf), [m - 8 * s, m - 3 * s, m, m + 3 * s, m + 8 * s]
    if name == "laplace":
        m, b = a
        return lambda x: -fabs(x - m) / b - log(2 * b), (-inf, inf), [m - 20 * b, m - 4 * b, m, m + 4 * b, m + 20 * b]
    if name == "logistic":
        m, s = a
        return lambda x: -fabs(x - m) / s - 2 * log(1 + exp(-fabs(x - m) / s)) - log(s), (-inf, inf), [m - 20 * s, m - 4 * s, m, m + 4 * s, m + 20 * s]
    if name == "gumbel":
        m, b = a
        return lambda x: -(x - m) / b - exp(-(x - m) / b) - log(b), (-inf, inf), [m - 4 * b, m - 2 * b, m, m + 4 * b, m + 20 * b]
    if name == "cauchy":
        m, s = a
        return lambda x: -log(pi * s) - log(1 + ((x - m) / s) ** 2), (-inf, inf), [m - 100 * s, m - 5 * s, m, m + 5 * s, m + 100 * s]
    if name == "studentT":
        v, m, s = a
        c = high80(mpmath.loggamma((exact(v) + 1) / 2) - mpmath.loggamma(exact(v) / 2)) - log(v * pi) / 2 - log(s)
        return lambda x: c - (v + 1) / 2 * log(1 + ((x - m) / s) ** 2 / v), (-inf, inf), [m - 100 * s, m - 5 * s, m, m + 5 * s, m + 100 * s]
    if name == "uniform":
        l, h = a
        return lambda x: -log(h - l) + 0 * x, (l, h), [(l + h) / 2]
    if name == "exponential":
        (r,) = a
        return lambda x: log(r) - r * x, (L(0), inf), [1 / r, 5 / r, 20 / r]
    if name == "gamma":
        k, r = a
        c = high80(mpmath.loggamma(exact(k)))
        return lambda x: k * log(r) - c + (k - 1) * log(x) - r * x, (L(0), inf), [k / r / 10, k / r, 5 * k / r, 20 * k / r]
    if name == "weibull":
        l, k = a
        return lambda x: log(k / l) + (k - 1) * log(x / l) - (x / l) ** k, (L(0), inf), [l / 10, l, l * 4 ** (1 / k), l * 20 ** (1 / k)]
    if name == "logNormal":
        m, s = a
        return lambda x: -((log(x) - m) / s) ** 2 / 2 - log(x * s) - log(2 * pi) / 2, (L(0), inf), [exp(m - 8 * s), exp(m - 3 * s), exp(m), exp(m + 3 * s), exp(m + 8 * s)]
    if name == "pareto":
        l, k = a
        return lambda x: log(k) + k * log(l) - (k + 1) * log(x), (l, inf), [2 * l, 10 * l, 1000 * l]
    if name == "beta":
        p, q = a
        c = high80(mpmath.log(mpmath.beta(exact(p), exact(q))))
        return lambda x: (p - 1) * log(x) + (q - 1) * log(1 - x) - c, (L(0), L(1)), [L("0.1"), L("0.5"), L("0.9")]
    if name == "truncatedNormal":
        m, s, l, h = a
        z = high80((mpmath.erfc((exact(l) - exact(m)) / exact(s) / mpmath.sqrt(2)) - mpmath.erfc((exact(h) - exact(m)) / exact(s) / mpmath.sqrt(2))) / 2)
        return lambda x: -((x - m) / s) ** 2 / 2 - log(s) - log(2 * pi) / 2 - log(z), (l, h), [(l + h) / 2]
    if name == "vonMises":
        m, k = a
        c = high80(mpmath.log(2 * mpmath.pi * mpmath.besseli(0, exact(k))))
        return lambda x: k * cos(x - m) - c, (-pi, pi), [m - 1 / sqrt(k), m, m + 1 / sqrt(k)]
    raise ValueError(name)

LIST = [
    ("normal", 0.3, 1.2), ("normal", -0.5, 0.8),
    ("laplace", 0.2, 0.7), ("laplace", -0.4, 1.1),
    ("logistic", 0.1, 0.6), ("logistic", 0.9, 0.6),
    ("gumbel", 0.3, 0.9), ("gumbel", -0.2, 1.3),
    ("cauchy", 0.5, 0.8), ("cauchy", -1, 2),
    ("studentT", 4, -1, 1), ("studentT", 5, 0.3, 1.1),
    ("uniform", 0.2, 0.9), ("uniform", -1, 2), ("uniform", 0, 1),
    ("exponential", 1.3), ("exponential", 0.6),
    ("gamma", 2.5, 1.4), ("gamma", 0.7, 0.5), ("gamma", 12, 9),
    ("weibull", 1.2, 1.7), ("weibull", 0.8, 0.6), ("weibull", 1.5, 1),
    ("logNormal", 0.2, 0.5), ("logNormal", -0.3, 0.9),
    ("pareto", 1.2, 2.5), ("pareto", 1, 3.5),
    ("beta", 2.2, 3.1), ("beta", 0.8, 1.5),
    ("truncatedNormal", 0.2, 0.9, -1, 1.5), ("truncatedNormal", -0.4, 1.3, -1, 1.5),
    ("vonMises", 0.4, 2.1), ("vonMises", -1, 0.7),
]

def is_infinite(p, q):
    (_, (pl, ph), _), (_, (ql, qh), _) = family(*p), family(*q)
    if pl < ql or ph > qh:
        return True
    if p[0] == "cauchy" and q[0] in ("normal", "laplace", "logistic", "gumbel"):
        return True
    if p[0] == "studentT" and q[0] == "gumbel":
        return True
    if q[0] == "gumbel" and p[0] in ("laplace", "logistic") and p[2] >= q[2]:
        return True
    return False

def points(p, q, low, high):
    (_, _, a), (_, _, b) = family(*p), family(*q)
    return [low] + sorted({x for x in a + b if low < x < high}) + [high]

STEP = L(1) / 64
T = np.arange(-6 * 64, 6 * 64 + 1, dtype=L) * STEP

def panel(f, a, b, stride):
    t = T[(len(T) // 2) % stride :: stride]
    s = np.sinh(t) * pi / 2
    if np.isfinite(a) and np.isfinite(b):
        e = exp(-2 * fabs(s))
        near, weight = (b - a) * e / (1 + e), (b - a) * 2 * e / (1 + e) ** 2 * np.cosh(t) * pi / 2
        x = np.where(t < 0, a + near, b - near)
    else:
        sign, start = (1, a) if np.isfinite(a) else (-1, b)
        x = start + sign * exp(s)
        weight = exp(s) * np.cosh(t) * pi / 2
    keep = (x > a) & (x < b) & (weight > 0) & np.isfinite(x)
    values = f(x[keep]) * weight[keep]
    return np.sum(np.where(np.isfinite(values), values, 0)) * STEP * stride

def integral(f, where):
    with np.errstate(all="ignore"):
        fine, coarse = (sum(panel(f, a, b, k) for a, b in zip(where, where[1:])) for k in (1, 2))
    if fabs(fine - coarse) > 1e-15 * (1 + fabs(fine)):
        raise ArithmeticError(f"error {fine - coarse}")
    return fine

def shown(x):
    return "Infinity" if x == inf else repr(float(x))

def kl(p, q):
    if is_infinite(p, q):
        return inf
    (lp, (low, high), _), (lq, _, _) = family(*p), family(*q)
    def f(x):
        a = lp(x)
        return np.where(a > -11000, exp(a) * (a - lq(x)), 0)
    return integral(f, points(p, q, low, high))

def rest(p, q):
    (lp, (pl, ph), _), (lq, (ql, qh), _) = family(*p), family(*q)
    low, high = min(pl, ql), max(ph, qh)
    at = lambda l, a, b: lambda x: np.where((x > a) & (x < b), exp(l(x)), L(0))
    dp, dq = at(lp, pl, ph), at(lq, ql, qh)
    where = sorted(set(points(p, q, low, high)) | {x for x in (pl, ph, ql, qh) if low < x < high})
    xlogx = lambda a, m: np.where(a > 0, a * log(a / m), L(0))
    def js(x):
        a, b = dp(x), dq(x)
        return (xlogx(a, (a + b) / 2) + xlogx(b, (a + b) / 2)) / 2
    # Where the densities cross, |p - q| has a kink: bisected to the last bit.
    grid = [w for w in where if np.isfinite(w)]
    xs = grid[0] + (grid[-1] - grid[0]) * np.arange(200001, dtype=L) / 200001
    with np.errstate(all="ignore"):
        d = dp(xs) - dq(xs)
    crossings = []
    for k in np.nonzero(d[:-1] * d[1:] < 0)[0]:
        a, b = xs[k], xs[k + 1]
        if any(a <= e <= b for e in (pl, ph, ql, qh)):
            continue
        for _ in range(80):
            m = (a + b) / 2
            one = lambda x: (dp(np.array([x])) - dq(np.array([x])))[0]
            a, b = (m, b) if one(a) * one(m) > 0 else (a, m)
        crossings.append(a)
    kinks = sorted(set(where) | set(crossings))
    result = [integral(js, where), integral(lambda x: fabs(dp(x) - dq(x)) / 2, kinks)]
    bounds = [x for x in where if max(pl, ql) <= x <= min(ph, qh)]
    both = lambda al: integral(lambda x: exp(al * lp(x) + (1 - al) * lq(x)), bounds)
    result.append(sqrt(1 - both(L("0.5"))))
    result.append(-log(both(L("0.3"))) / L("0.7"))
    return result

OTHERS = [
    (("normal", 0.3, 1.2), ("normal", -0.5, 0.8)), (("normal", 0.3, 1.2), ("normal", -0.5, 1.2)),
    (("normal", 0.3, 1.2), ("laplace", 0.2, 0.7)), (("laplace", 0.2, 0.7), ("laplace", -0.4, 1.1)),
    (("cauchy", 0.5, 0.8), ("cauchy", -1, 2)), (("normal", -0.5, 0.8), ("cauchy", 0.5, 0.8)),
    (("gumbel", 0.3, 0.9), ("gumbel", -0.2, 1.3)), (("gumbel", 0.3, 0.9), ("gumbel", -0.2, 0.9)),
    (("uniform", 0.2, 0.9), ("uniform", -1, 2)), (("uniform", 0.2, 0.9), ("uniform", 0.5, 1.4)),
    (("exponential", 1.3), ("exponential", 0.6)), (("gamma", 2.5, 1.4), ("gamma", 0.7, 0.5)),
    (("gamma", 0.7, 0.5), ("normal", 0.3, 1.2)), (("weibull", 1.2, 1.7), ("weibull", 0.8, 1.7)),
    (("weibull", 1.2, 1.7), ("logNormal", 0.2, 0.5)), (("logNormal", 0.2, 0.5), ("logNormal", -0.3, 0.9)),
    (("pareto", 1, 3.5), ("pareto", 1, 2.5)), (("pareto", 1.2, 2.5), ("pareto", 1, 3.5)),
    (("beta", 2.2, 3.1), ("beta", 0.8, 1.5)), (("beta", 0.8, 1.5), ("uniform", 0.2, 0.9)),
    (("vonMises", 0.4, 2.1), ("vonMises", -1, 0.7)), (("truncatedNormal", 0.2, 0.9, -1, 1.5), ("normal", 0.3, 1.2)),
    (("logistic", 0.1, 0.6), ("studentT", 5, 0.3, 1.1)), (("normal", 0, 1), ("normal", 5, 0.01)),
]

NEAR = [
    (("normal", 0, 1), ("normal", 1e-9, 1)), (("normal", 1, 2), ("normal", 1, 2.000000002)),
    (("laplace", 0, 1), ("laplace", 1e-6, 1.000001)), (("gumbel", 0.5, 1), ("gumbel", 0.500001, 1.000001)),
    (("logistic", 0, 1), ("logistic", 1e-6, 1)), (("cauchy", 0, 1), ("cauchy", 1e-6, 1.000001)),
    (("exponential", 1), ("exponential", 1.000001)), (("gamma", 2.5, 1), ("gamma", 2.500001, 1.000001)),
    (("gamma", 1000, 1), ("gamma", 1000.001, 1.000001)), (("beta", 2, 3), ("beta", 2.000001, 3.000002)),
    (("weibull", 1, 2), ("weibull", 1.000001, 2.000003)), (("pareto", 1, 2), ("pareto", 1, 2.000001)),
    (("logNormal", 0, 1), ("logNormal", 1e-7, 1)), (("vonMises", 0.5, 2), ("vonMises", 0.500001, 2.000001)),
    (("vonMises", 0, 200), ("vonMises", 0, 200.0002)),
]

def log_ratio(p, q):
    """log q - log p in 40 digits as a function of x, from mpmath, where 80 bits would cancel."""
    mpmath.mp.dps = 40
    m = mpmath
    A, B = [m.mpf(v) for v in p[1:]], [m.mpf(v) for v in q[1:]]
    def density(name, a, x):
        if name in ("normal", "logNormal"):
            y = x if name == "normal" else m.log(x)
            return -((y - a[0]) / a[1]) ** 2 / 2 - m.log(a[1])
        if name == "laplace":
            return -abs(x - a[0]) / a[1] - m.log(a[1])
        if name == "gumbel":
            return -(x - a[0]) / a[1] - m.exp(-(x - a[0]) / a[1]) - m.log(a[1])
        if name == "logistic":
            return -(x - a[0]) / a[1] - 2 * m.log(1 + m.exp(-(x - a[0]) / a[1])) - m.log(a[1])
        if name == "cauchy":
            return -m.log(a[1]) - m.log(1 + ((x - a[0]) / a[1]) ** 2)
        if name == "exponential":
            return m.log(a[0]) - a[0] * x
        if name == "gamma":
            return a[0] * m.log(a[1]) - m.loggamma(a[0]) + (a[0] - 1) * m.log(x) - a[1] * x
        if name == "weibull":
            return m.log(a[1] / a[0]) + (a[1] - 1) * m.log(x / a[0]) - (x / a[0]) ** a[1]
        if name == "pareto":
            return m.log(a[1]) + a[1] * m.log(a[0]) - a[1] * m.log(x)
        if name == "beta":
            return (a[0] - 1) * m.log(x) + (a[1] - 1) * m.log(1 - x) - m.log(m.beta(*a))
        if name == "vonMises":
            return a[1] * m.cos(x - a[0]) - m.log(m.besseli(0, a[1]))
        raise ValueError(name)
    return lambda x: density(q[0], B, x) - density(p[0], A, x)

def near(p, q):
    """The mean of r - 1 - log r, whose terms are never negative, r = q / p."""
    (lp, (low, high), _), _ = family(*p), None
    ratio = log_ratio(p, q)
    def f(x):
        a = lp(x)
        # Below exp(-80) of the density nothing counts.
        d = [high80(mpmath.expm1(r) - r) for r in (ratio(exact(v)) if b > -80 else mpmath.mpf(0) for v, b in zip(x, a))]
        return exp(a) * np.array(d, dtype=L)
    where = points(p, q, low, high)
    if p == ("gamma", 1000, 1):
        where = [L(500), L(850), L(1000), L(1150), L(1600)]
    if p == ("vonMises", 0, 200):
        where = [-pi, L("-0.6"), L("-0.2"), L(0), L("0.2"), L("0.6"), pi]
    with np.errstate(all="ignore"):
        return sum(panel(f, a, b, 2) for a, b in zip(where, where[1:]))

def main():
    text = lambda d: "[" + ", ".join(f'"{v}"' if isinstance(v, str) else repr(v) for v in d) + "]"
    print("// Made by `python3 test/golden/divergences/divergences.py`: quadrature of the densities in 80-bit floats (NumPy 2.4, mpmath 1.3).\n")
    print("type Family = readonly [name: string, ...parameters: number[]];\n")
    print("/** p, q and KL(p || q), of all pairs whether they have a closed form or not. */")
    print("export const KL: readonly (readonly [p: Family, q: Family, nats: number])[] = [")
    for p in LIST:
        for q in LIST:
            if p != q:
                print(f"  [{text(p)}, {text(q)}, {shown(kl(p, q))}],", flush=True)
    print("];\n")
    print("/** Nearly equal ones, whose divergence is of second order in the difference. */")
    print("export const NEAR: readonly (readonly [p: Family, q: Family, nats: number])[] = [")
    for p, q in NEAR:
        print(f"  [{text(p)}, {text(q)}, {shown(near(p, q))}],", flush=True)
    print("];\n")
    print("/** p, q, Jensen-Shannon, total variation, Hellinger's distance, Rényi's of order 0.3. */")
    print("export const OTHERS: readonly (readonly [Family, Family, number, number, number, number])[] = [")
    for p, q in OTHERS:
        print(f"  [{text(p)}, {text(q)}, {', '.join(map(shown, rest(p, q)))}],", flush=True)
    print("];")

if __name__ == "__main__":
    main()
