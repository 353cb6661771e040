"""Writes distributions.ts: values of SciPy 1.17.1, and of mpmath 1.3.0 at 40 digits.

    python3 test/golden/distributions/distributions.py && npx biome format --write test/golden/distributions/distributions.ts

For the families whose distribution functions are not elementary, the values are mpmath's: SciPy's must be near them (NEAR), and say so below
where they are not.
"""

import math
import pathlib
import sys

import mpmath as mp
import numpy as np
from scipy import integrate, stats

mp.mp.dps = 40
NEAR = 1e-9
LEVELS = [0.001, 0.25, 0.5, 0.8, 0.9999]
TAILS = [1e-300, 1e-100, 1e-12]


# name, ours, SciPy's, x, x of tails; for whole numbers and NaN moments see `golden`
ELEMENTARY = [
    ("normal", "normal(1.5, 0.75)", "stats.norm(1.5, 0.75)", [1.5, 0, 3, -8, 40], [-25, -3]),
    ("uniform", "uniform(-2, 3)", "stats.uniform(-2, 5)", [-2, 0.5, 2.75, 3], []),
    ("exponential", "exponential(2.5)", "stats.expon(scale=1/2.5)", [0, 0.001, 0.4, 3, 40], [1e-300, 1e-20]),
    ("laplace", "laplace(-1, 0.5)", "stats.laplace(-1, 0.5)", [-1, -7, 0.25, 9], [-300, -30]),
    ("logNormal", "logNormal(0.25, 0.5)", "stats.lognorm(0.5, scale=math.exp(0.25))", [0.001, 0.5, 1, 2.5, 100], [1e-7, 0.001]),
    ("cauchy", "cauchy(2, 0.5)", "stats.cauchy(2, 0.5)", [2, -1, 2.75, 1e6], [-1e300, -1e12]),
    ("pareto", "pareto(2, 3.5)", "stats.pareto(3.5, scale=2)", [2, 2.5, 10, 1e4], []),
    ("pareto heavy", "pareto(1, 0.5)", "stats.pareto(0.5)", [1, 2, 1e8], []),
    ("weibull", "weibull(2, 1.5)", "stats.weibull_min(1.5, scale=2)", [0.001, 1, 2, 9], [1e-200, 1e-10]),
    ("weibull of a small shape", "weibull(0.5, 0.7)", "stats.weibull_min(0.7, scale=0.5)", [0.001, 0.5, 2, 9], [1e-200, 1e-10]),
    ("logistic", "logistic(1, 0.4)", "stats.logistic(1, 0.4)", [1, -4, 1.5, 12], [-250, -20]),
    ("gumbel", "gumbel(-0.5, 2)", "stats.gumbel_r(-0.5, 2)", [-0.5, -6, 0, 30], [-12, -8]),
    ("halfNormal", "halfNormal(2)", "stats.halfnorm(scale=2)", [0, 0.01, 2, 70], [1e-200, 1e-9]),
    ("geometric", "geometric(0.2)", "stats.geom(0.2, loc=-1)", [0, 1, 7, 100], []),
    ("bernoulli", "bernoulli(0.3)", "stats.bernoulli(0.3)", [0, 1], []),
    ("categorical", "categorical([0.1, 0, 0.25, 0.65])", "stats.rv_discrete(values=([0, 1, 2, 3], [0.1, 0, 0.25, 0.65]))", [0, 1, 2, 3], []),
]


class Gamma:
    def __init__(self, c, rate):
        self.c, self.rate = mp.mpf(c), mp.mpf(rate)

    def logpdf(self, x):
        return self.c * mp.log(self.rate) + (self.c - 1) * mp.log(x) - self.rate * x - mp.loggamma(self.c)

    def cdf(self, x):
        return self.series(x) if self.rate * x < self.c + 1 else 1 - self.fraction(x)

    def sf(self, x):
        return 1 - self.series(x) if self.rate * x < self.c + 1 else self.fraction(x)

    # mp.gammainc gives up at a million.
    def series(self, x):
        y, term, total, k = self.rate * x, mp.mpf(1), mp.mpf(1), 0
        while term > total * mp.eps:
            k += 1
            term *= y / (self.c + k)
            total += term
        return total * mp.exp(self.c * mp.log(y) - y - mp.loggamma(self.c + 1))

    def fraction(self, x):
        y = self.rate * x
        b, c, d = y + 1 - self.c, mp.inf, 1 / (y + 1 - self.c)
        product, k = d, 0
        while True:
            k += 1
            a, b = -k * (k - self.c), b + 2
            d, c = 1 / (b + a * d), b + a / c
            product *= c * d
            if abs(c * d - 1) < mp.eps * 10:
                return product * mp.exp(self.c * mp.log(y) - y - mp.loggamma(self.c))

    def entropy(self):
        return self.c - mp.log(self.rate) + mp.loggamma(self.c) + (1 - self.c) * mp.digamma(self.c)


class Beta:
    def __init__(self, a, b):
        self.a, self.b = mp.mpf(a), mp.mpf(b)
        self.log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(self.a + b)

    def logpdf(self, x):
        return (self.a - 1) * mp.log(x) + (self.b - 1) * mp.log1p(-x) - self.log_beta

    def part(self, a, b, x):
        return mp.exp(a * mp.log(x) + b * mp.log1p(-x) - self.log_beta) / a * mp.hyp2f1(1, a + b, a + 1, x)

    def cdf(self, x):
        return self.part(self.a, self.b, x) if x < self.a / (self.a + self.b) else 1 - self.sf(x)

    def sf(self, x):
        return self.part(self.b, self.a, 1 - x) if x >= self.a / (self.a + self.b) else 1 - self.cdf(x)

    def entropy(self):
        a, b, psi = self.a, self.b, mp.digamma
        return self.log_beta - (a - 1) * psi(a) - (b - 1) * psi(b) + (a + b - 2) * psi(a + b)


class Student:
    def __init__(self, nu, loc, scale):
        self.nu, self.loc, self.scale = mp.mpf(nu), mp.mpf(loc), mp.mpf(scale)
        self.beta = Beta(self.nu / 2, 0.5)

    def logpdf(self, x):
        t = (x - self.loc) / self.scale
        return -(self.nu + 1) / 2 * mp.log1p(t * t / self.nu) - self.beta.log_beta - mp.log(self.nu) / 2 - mp.log(self.scale)

    # SciPy's are infinite where they are undefined.
    def mean(self):
        return self.loc if self.nu > 1 else mp.nan

    def var(self):
        if self.nu <= 2:
            return mp.inf if self.nu > 1 else mp.nan
        return self.scale**2 * self.nu / (self.nu - 2)

    def tail(self, t):
        return self.beta.cdf(self.nu / (self.nu + t * t)) / 2

    def cdf(self, x):
        t = (x - self.loc) / self.scale
        return self.tail(t) if t < 0 else 1 - self.tail(t)

    def sf(self, x):
        t = (x - self.loc) / self.scale
        return self.tail(t) if t > 0 else 1 - self.tail(t)

    def entropy(self):
        h = (self.nu + 1) / 2
        return h * (mp.digamma(h) - mp.digamma(self.nu / 2)) + mp.log(self.nu) / 2 + self.beta.log_beta + mp.log(self.scale)


class Counts:
    """Whole numbers: the entropy is a sum outwards from the mean."""

    def entropy(self):
        start, total = int(self.middle), mp.mpf(0)
        for step, k in ((1, start), (-1, start - 1)):
            while 0 <= k <= self.last:
                log = self.logpdf(k)
                total -= mp.exp(log) * log
                if log < -60:
                    break
                k += step
        return total


class Poisson(Counts):
    def __init__(self, rate):
        self.rate = self.middle = mp.mpf(rate)
        self.last = mp.inf

    def logpdf(self, k):
        return k * mp.log(self.rate) - self.rate - mp.loggamma(mp.mpf(k) + 1)

    def cdf(self, k):
        return Gamma(k + 1, 1).sf(self.rate)


class Binomial(Counts):
    def __init__(self, n, p):
        self.n, self.p, self.last = mp.mpf(n), mp.mpf(p), n
        self.middle = n * p

    def logpdf(self, k):
        n, p = self.n, self.p
        return mp.loggamma(n + 1) - mp.loggamma(mp.mpf(k) + 1) - mp.loggamma(n - k + 1) + k * mp.log(p) + (n - k) * mp.log1p(-p)

    def cdf(self, k):
        return mp.mpf(1) if k >= self.n else Beta(k + 1, self.n - k).sf(self.p)


class VonMises:
    def __init__(self, loc, kappa):
        self.loc, self.kappa = mp.mpf(loc), mp.mpf(kappa)
        self.log_scale = -mp.log(2 * mp.pi * mp.besseli(0, self.kappa))
        self.ends = (-mp.mpf(math.pi), mp.mpf(math.pi))  # of f64

    def logpdf(self, x):
        return self.kappa * mp.cos(x - self.loc) + self.log_scale

    def integral(self, f, low, high):
        width = 4 / mp.sqrt(1 + self.kappa)
        near = [self.loc + 2 * mp.pi * turn + k * width for turn in (-1, 0, 1) for k in range(-8, 9)]
        near += [end + sign * mp.mpf(1.2) ** -k for end, sign in ((low, 1), (high, -1)) for k in range(1, 90)]
        return mp.quadgl(lambda x: f(x) * mp.exp(self.logpdf(x)), [low, *sorted(x for x in near if low < x < high), high])

    def cdf(self, x):
        return self.integral(lambda _: 1, self.ends[0], x)

    def sf(self, x):
        return self.integral(lambda _: 1, x, self.ends[1])

    def mean(self):
        return self.integral(lambda x: x, *self.ends)

    def var(self):
        mean = self.mean()
        return self.integral(lambda x: (x - mean) ** 2, *self.ends)

    def entropy(self):
        return -self.log_scale - self.kappa * mp.besseli(1, self.kappa) / mp.besseli(0, self.kappa)


class TruncatedNormal:
    def __init__(self, mean, std, low, high):
        self.m, self.s = mp.mpf(mean), mp.mpf(std)
        self.low, self.high = mp.mpf(low), mp.mpf(high)
        self.mass = self.between(self.low, self.high)
        self.ends = (max(self.low, self.m - 40 * self.s), min(self.high, max(self.m, self.low) + 40 * self.s))

    def between(self, low, high):
        with mp.workdps(160):
            a, b = (low - self.m) / self.s, (high - self.m) / self.s
            if b < 0:
                a, b = -b, -a
            return (mp.erfc(a / mp.sqrt(2)) - mp.erfc(b / mp.sqrt(2))) / 2

    def logpdf(self, x):
        return -((x - self.m) / self.s) ** 2 / 2 - mp.log(self.s * mp.sqrt(2 * mp.pi) * self.mass)

    def cdf(self, x):
        return self.between(self.low, x) / self.mass

    def sf(self, x):
        return self.between(x, self.high) / self.mass

    def moments(self):
        a, b = (self.low - self.m) / self.s, (self.high - self.m) / self.s
        at = lambda z: mp.npdf(z) / self.mass if mp.isfinite(z) else mp.mpf(0)
        times = lambda z: z * at(z) if mp.isfinite(z) else mp.mpf(0)
        first = at(a) - at(b)
        return first, times(a) - times(b)

    def mean(self):
        return self.m + self.s * self.moments()[0]

    def var(self):
        first, second = self.moments()
        return self.s**2 * (1 + second - first**2)

    def entropy(self):
        return mp.log(mp.sqrt(2 * mp.pi * mp.e) * self.s * self.mass) + self.moments()[1] / 2


def student(nu, loc, scale):
    return (f"studentT({nu}, {loc}, {scale})", f"stats.t({nu}, {loc}, {scale})", Student(nu, loc, scale))


def truncated(mean, std, low, high):
    show = lambda x: ("-" if x < 0 else "") + "Number.POSITIVE_INFINITY" if math.isinf(x) else repr(x)
    scipy = f"stats.truncnorm({(low - mean) / std}, {(high - mean) / std}, {mean}, {std})".replace("inf", "math.inf")
    ours = f"truncatedNormal({mean}, {std}, {show(low)}, {show(high)})".replace("-Number.POSITIVE", "Number.NEGATIVE")
    return (ours, scipy, TruncatedNormal(mean, std, low, high))


def von_mises(loc, kappa):
    return (f"vonMises({loc}, {kappa})", None if loc else f"stats.vonmises_line({kappa})", VonMises(loc, kappa))


PRECISE = [
    ("gamma", "gamma(2.5, 0.8)", "stats.gamma(2.5, scale=1/0.8)", Gamma(2.5, 0.8), [0.001, 1, 3.125, 20, 300], [1e-100, 1e-5]),
    ("gamma of concentration 1", "gamma(1, 2)", "stats.gamma(1, scale=0.5)", Gamma(1, 2), [1e-9, 0.5, 20], [1e-200, 1e-9]),
    ("gamma of a small concentration", "gamma(0.05, 3)", "stats.gamma(0.05, scale=1/3)", Gamma(0.05, 3), [1e-200, 1e-5, 0.02, 1, 30], [1e-250, 1e-30]),
    ("gamma of a large concentration", "gamma(1000000, 10)", "stats.gamma(1000000, scale=0.1)", Gamma(1e6, 10), [97000, 99900, 1e5, 100500, 103000], [97000, 98000]),
    ("chiSquared", "chiSquared(3)", "stats.chi2(3)", Gamma(1.5, 0.5), [0.001, 1, 3, 80], [1e-100, 1e-5]),
    ("beta", "beta(2, 3.5)", "stats.beta(2, 3.5)", Beta(2, 3.5), [1e-5, 0.2, 0.5, 0.99], [1e-100, 1e-9]),
    ("beta of small concentrations", "beta(0.05, 0.3)", "stats.beta(0.05, 0.3)", Beta(0.05, 0.3), [1e-100, 0.01, 0.5, 0.99], [1e-250, 1e-30]),
    ("beta of large concentrations", "beta(4000, 1500)", "stats.beta(4000, 1500)", Beta(4000, 1500), [0.6, 0.72, 0.7273, 0.74, 0.85], [0.5, 0.65]),
    ("studentT", *student(3, 1, 2), [1, -3, 0.5, 40, -1e6], [-1e80, -1e6]),
    ("studentT of one degree", *student(1, 0, 1), [0, 0.001, -5, 1e6], [-1e200, -1e20]),
    ("studentT of half a degree", *student(0.5, 0, 1), [0, -3, 1e6], [-1e100, -1e20]),
    ("studentT of many degrees", *student(1000000, 0, 1), [0, -3, 2.5, 20], [-35, -8]),
    ("poisson", "poisson(0.3)", "stats.poisson(0.3)", Poisson(0.3), [0, 1, 5, 40], []),
    ("poisson of a moderate rate", "poisson(9.5)", "stats.poisson(9.5)", Poisson(9.5), [0, 3, 9, 30, 100], [0, 1]),
    ("poisson of a large rate", "poisson(100000)", "stats.poisson(100000)", Poisson(1e5), [90000, 99700, 100000, 100500], [90000, 97000]),
    ("binomial", "binomial(10, 0.3)", "stats.binom(10, 0.3)", Binomial(10, 0.3), [0, 3, 9, 10], []),
    ("binomial of rare successes", "binomial(1000, 0.002)", "stats.binom(1000, 0.002)", Binomial(1000, 0.002), [0, 2, 20, 1000], []),
    ("binomial of many trials", "binomial(5000, 0.7)", "stats.binom(5000, 0.7)", Binomial(5000, 0.7), [2500, 3400, 3500, 3600, 4000], [1800, 3000]),
    ("binomial of frequent successes", "binomial(12, 0.95)", "stats.binom(12, 0.95)", Binomial(12, 0.95), [0, 5, 11, 12], [0, 1, 5]),
    ("beta of a concentration of 1", "beta(1, 12)", "stats.beta(1, 12)", Beta(1, 12), [1e-9, 0.05, 0.2, 0.9], [1e-200, 1e-9]),
    ("vonMises", *von_mises(0, 2), [0, -3, 1, 3.1], [-3.14, -3]),
    ("vonMises of a small concentration", *von_mises(1, 0.1), [0, -3, 1, 3.1], [-3.14]),
    ("vonMises across the cut", *von_mises(-2.5, 50), [0, -3, -2.5, 3.1], [-3.14]),
    ("vonMises of a large concentration", *von_mises(1.5, 10000), [1.5, 1.49, 1.6, -1], [1.2, 1.4]),
    ("truncatedNormal", *truncated(1, 2, -1, 4), [-1, 0, 2, 3.5], [-0.9999999999]),
    ("truncatedNormal of one end", *truncated(0, 1, -3, math.inf), [-3, 0, 2, 9], [-2.9999999999]),
    ("truncatedNormal of both tails", *truncated(0.5, 1, -30, 30), [-8, 0, 0.5, 9], [-25, -10]),
    ("truncatedNormal far out", *truncated(-8, 1, 0, math.inf), [0, 0.01, 0.5, 3], [1e-100, 1e-9]),
    ("truncatedNormal far below", *truncated(3, 0.1, -math.inf, 1), [1, 0.99, 0.9], [0.2, 0.5]),
    ("truncatedNormal very far out", *truncated(0, 1, 1000, 1001), [1000, 1000.0001, 1000.5], [1000.0001]),
    ("truncatedNormal of a narrow range", *truncated(0, 1, 0.5, 0.5001), [0.5, 0.50003, 0.50009], [0.5000001]),
]


def quantile(own, p, guess):
    """x with cdf(x) = p, from a guess, by Newton's method on the smaller tail's logarithm, in the logarithm of x where that starts at 0."""
    p, x = mp.mpf(p), mp.mpf(float(guess))
    upper = p > 0.5
    logs = isinstance(own, (Gamma, Beta))
    if logs and (x <= 0 or p < 1e-20):
        # the first term of the series at 0
        a = own.c if isinstance(own, Gamma) else own.a
        first = mp.loggamma(a + 1) - a * mp.log(own.rate) if isinstance(own, Gamma) else mp.log(a) + own.log_beta
        x = mp.exp((mp.log(p) + first) / a)
    low, high = getattr(own, "ends", (mp.mpf(0), mp.inf))
    for _ in range(300):
        tail = own.sf(x) if upper else own.cdf(x)
        slope = mp.exp(own.logpdf(x)) * (x if logs else 1) * (-1 if upper else 1) / tail
        step = (mp.log(tail) - mp.log(1 - p if upper else p)) / slope
        if step < 0:
            low = x
        else:
            high = x
        after = x * mp.exp(-step) if logs else x - step
        if abs(step) < (1 if logs else abs(x)) * mp.mpf(10) ** -25:
            return x
        x = after if low < after < high else (low + high) / 2
    raise ArithmeticError(f"no quantile of {p}, near {x}")


def student_quantile(own, p):
    """-t with P(T < -t) = p <= 1/2, by the beta distribution of nu / (nu + t²)."""
    if p > 0.5:
        return 2 * own.loc - student_quantile(own, 1 - mp.mpf(p))
    if p == 0.5:
        return own.loc
    x = quantile(own.beta, 2 * mp.mpf(p), own.nu / (own.nu + mp.mpf(stats.t.ppf(float(p), float(own.nu))) ** 2))
    return own.loc - own.scale * mp.sqrt(own.nu * (1 - x) / x)


def check(what, ours, theirs):
    """Says where SciPy is not near."""
    if theirs is None or (np.isnan(theirs) and np.isnan(float(ours))) or float(ours) == float(theirs):
        return
    if not abs(float(ours) - theirs) <= NEAR * max(1e-3, abs(float(ours))):
        print(f"SciPy: {what}: {theirs}, not {float(ours)}", file=sys.stderr)


def precise(name, ours, scipy, own, xs, tails):
    d = eval(scipy) if scipy else None
    whole = isinstance(own, Counts)
    guess = lambda p: float(d.ppf(p)) if d is not None else 2 * math.pi * (p - 0.5)
    if isinstance(own, VonMises):
        guess = lambda p: float(own.loc) if own.kappa > 10 else 2 * math.pi * (p - 0.5)
    if whole:
        icdf = lambda p: mp.mpf(int(d.ppf(p)))
    else:
        icdf = lambda p: student_quantile(own, p) if isinstance(own, Student) else quantile(own, p, guess(p))
    moments = {
        "mean": own.mean() if hasattr(own, "mean") else d.mean(),
        "variance": own.var() if hasattr(own, "var") else d.var(),
        "entropy": own.entropy(),
    }
    at = [mp.mpf(x) for x in xs]
    values = {
        **moments,
        "x": xs,
        "logProb": [own.logpdf(x) for x in at],
        "cdf": [own.cdf(x) for x in at],
        "icdf": [icdf(p) for p in LEVELS],
        "tails": {"x": tails, "cdf": [own.cdf(mp.mpf(x)) for x in tails]},
    }
    levels = [] if whole or not tails or isinstance(own, VonMises) else TAILS
    if "narrow" in name or "truncatedNormal" in name:
        levels = [1e-12]
    values["tails"] |= {"levels": levels, "icdf": [icdf(p) for p in levels if p]}
    if d is not None:
        log = d.logpmf if whole else d.logpdf
        for key, theirs in (("mean", d.mean()), ("variance", d.var()), ("entropy", d.entropy())):
            check(f"{name} {key}", values[key], float(theirs))
        for k, x in enumerate(xs):
            check(f"{name} logProb({x})", values["logProb"][k], float(log(x)))
            check(f"{name} cdf({x})", values["cdf"][k], float(d.cdf(x)))
        for k, p in enumerate(LEVELS):
            check(f"{name} icdf({p})", values["icdf"][k], float(d.ppf(p)))
    return entry(name, ours, scipy or "by mpmath", values)


def elementary(name, ours, scipy, xs, tails):
    d = eval(scipy)
    log = d.logpmf if isinstance(d.dist if hasattr(d, "dist") else d, stats.rv_discrete) else d.logpdf
    levels = TAILS if tails else []
    if name == "normal":
        levels = [1e-100, 1e-12]  # ppf(1e-300) of SciPy is right as well, but not to the last digits
    if name == "halfNormal":
        levels = []  # SciPy's go by (1 + p) / 2, which has not the digits of a small p
    with np.errstate(divide="ignore"):
        values = {
            "mean": d.mean(),
            "variance": d.var(),
            "entropy": d.entropy(),
            "x": xs,
            "logProb": [log(x) for x in xs],
            "cdf": [d.cdf(x) for x in xs],
            "icdf": [d.ppf(p) for p in LEVELS],
            "tails": {"x": tails, "cdf": [d.cdf(x) for x in tails], "levels": levels, "icdf": [d.ppf(p) for p in levels]},
        }
    return entry(name, ours, scipy, values)


def kept(tails):
    """Without what f64 does not hold."""
    pairs = lambda a, b: [(x, y) for x, y in zip(tails[a], tails[b]) if 1e-300 < abs(float(y)) < 1e300]
    at, back = pairs("x", "cdf"), pairs("levels", "icdf")
    return {
        "x": [x for x, _ in at],
        "cdf": [y for _, y in at],
        "levels": [x for x, _ in back],
        "icdf": [y for _, y in back],
    }


def show(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key}: {show(v)}" for key, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(show, value)) + "]"
    x = float(value)
    if math.isnan(x):
        return "Number.NaN"
    if math.isinf(x):
        return "Number.POSITIVE_INFINITY" if x > 0 else "Number.NEGATIVE_INFINITY"
    for name, constant in (("Math.LN2", math.log(2)), ("Math.LN10", math.log(10)), ("Math.PI", math.pi)):
        if abs(abs(x) - constant) < 1e-15:
            return ("-" if x < 0 else "") + name
    return repr(x)


def entry(name, ours, scipy, values):
    values["tails"] = kept(values["tails"])
    rest = ", ".join(f"{key}: {show(value)}" for key, value in values.items())
    return f'{{ name: "{name}", scipy: "{scipy}", ours: {ours}, {rest} }}'


def vectors():
    mean, cov = [1, -2, 0.5], [[2, 0.6, -0.4], [0.6, 1.5, 0.3], [-0.4, 0.3, 1]]
    normal = stats.multivariate_normal(mean, cov)
    x = [[1, -2, 0.5], [0, 0, 0], [3, -4, 2.5]]
    multivariate = {
        "mean": mean,
        "covariance": cov,
        "x": x,
        "logProb": list(normal.logpdf(x)),
        "entropy": normal.entropy(),
    }
    A, b = [[1, 2, -1], [0.5, 0, 3]], [0.25, -1]
    image = stats.multivariate_normal(np.dot(A, mean) + b, np.dot(np.dot(A, cov), np.transpose(A)))
    y = [[0, 0], [-3.25, 1], [4, -4]]
    affine = {
        "A": A,
        "b": b,
        "mean": list(np.dot(A, mean) + b),
        "covariance": [list(row) for row in np.dot(np.dot(A, cov), np.transpose(A))],
        "x": y,
        "logProb": list(image.logpdf(y)),
        "entropy": image.entropy(),
    }
    shares = [[0.25, 0.5, 0.25], [0.125, 0.75, 0.125], [2**-30, 1 - 2**-29, 2**-30]]
    dirichlets = []
    for c in ([1, 1, 1], [0.5, 2, 3.5], [0.05, 0.3, 0.1], [4000, 1500, 2000]):
        d = stats.dirichlet(c)
        mass = mp.loggamma(mp.fsum(c)) - mp.fsum(mp.loggamma(a) for a in c)
        logs = [mass + mp.fsum((a - 1) * mp.log(x) for a, x in zip(c, share)) for share in shares]
        total = mp.fsum(c)
        entropy = -mass + (total - len(c)) * mp.digamma(total) - mp.fsum((mp.mpf(a) - 1) * mp.digamma(a) for a in c)
        for share, log in zip(shares, logs):
            check(f"dirichlet {c} {share}", log, float(d.logpdf(share)))
        check(f"dirichlet {c} entropy", entropy, float(d.entropy()))
        dirichlets.append(
            {"concentration": c, "mean": list(d.mean()), "variance": list(d.var()), "x": shares, "logProb": logs, "entropy": entropy}
        )
    return multivariate, affine, dirichlets


HEADER = """// Written by distributions.py, which says how: with d = the distribution named by `scipy`, math and stats imported,
// d.mean(), d.var(), d.entropy(), d.logpdf(x) or d.logpmf(x), d.cdf(x), d.ppf(levels).
import {{ {names} }} from "../../src/distributions/index.ts";

export interface Golden {{
  readonly name: string;
  readonly scipy: string;
  readonly ours: ScalarDistribution;
  readonly mean: number;
  readonly variance: number;
  readonly entropy: number;
  readonly x: readonly number[];
  readonly logProb: readonly number[];
  readonly cdf: readonly number[];
  readonly icdf: readonly number[];
  /** Small probabilities, which keep their digits. */
  readonly tails: {{
    readonly x: readonly number[];
    readonly cdf: readonly number[];
    readonly levels: readonly number[];
    readonly icdf: readonly number[];
  }};
}}

export const levels = {levels};

export const goldens: readonly Golden[] = [
"""


def main():
    entries = [elementary(*one) for one in ELEMENTARY] + [precise(*one) for one in PRECISE]
    families = sorted({one[1].split("(")[0] for one in (*ELEMENTARY, *PRECISE)} | {"type ScalarDistribution"}, key=lambda s: s.replace("type ", "").lower())
    multivariate, affine, dirichlets = vectors()
    text = HEADER.format(names=", ".join(families), levels=show(LEVELS))
    text += ",\n".join(entries) + ",\n];\n\n"
    text += "// stats.multivariate_normal(mean, covariance).logpdf(x), .entropy()\n"
    text += f"export const multivariate = {show(multivariate)};\n\n"
    text += "// The same of A x + b, x of `multivariate`: mean A m + b, covariance A C Aᵀ.\n"
    text += f"export const affineMultivariate = {show(affine)};\n\n"
    text += "// stats.dirichlet(concentration).mean(), .var(), .logpdf(x), .entropy()\n"
    text += f"export const dirichlets = {show(dirichlets)};\n"
    pathlib.Path(__file__).with_name("distributions.ts").write_text(text)


main()
