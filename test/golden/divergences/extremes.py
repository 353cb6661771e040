"""KL and Rényi's divergences of distributions with parameters over twenty decades, for test/golden/divergences/extremes.ts (mpmath 1.3)."""
# python3 test/golden/divergences/extremes.py > test/golden/divergences/extremes.ts
import random
import sys

from mpmath import beta, cos, digamma, erf, erfc, exp, gamma, hypot, inf, isinf, log, log1p, loggamma, mp, mpf, pi, polygamma, quad, sin, sqrt

# Squares of up to 1e40 cancel to 1e-40, twice.
mp.dps = 200
PAIRS = 2200
EULER = +mp.euler
HALF_LOG_TURN = log(2 * pi) / 2


class Skip(Exception):
    """A pair without a closed form, or with one that takes too long."""


def lower_gamma(a, x):
    """P(a, x)"""
    if x <= 0:
        return mpf(0)
    # By Chernoff's bound what is beyond is less than any digit.
    if x - a - a * log(x / a) > 2.4 * mp.dps:
        return mpf(0) if x < a else mpf(1)
    term = total = exp(a * log(x) - x - loggamma(a + 1))
    for n in range(1, 100_000):
        term *= x / (a + n)
        total += term
        if n > x and term < total * mp.eps:
            return total
    raise Skip


def lower_beta(a, b, x):
    """I_x(a, b)"""
    if x <= 0 or x >= 1:
        return mpf(0) if x <= 0 else mpf(1)
    m = a / (a + b)
    if x > m:
        return 1 - lower_beta(b, a, 1 - x)
    if a * log(m / x) + b * log((1 - m) / (1 - x)) > 2.4 * mp.dps + 60:
        return mpf(0)
    term = total = exp(a * log(x) + b * log(1 - x) - log(beta(a, b))) / a
    for n in range(100_000):
        term *= (a + b + n) * x / (a + 1 + n)
        total += term
        if term < total * mp.eps:
            return total
    raise Skip


def phi(z):
    return exp(-z * z / 2 - HALF_LOG_TURN) if not isinf(z) else mpf(0)


def cdf(z):
    return erfc(-z / sqrt(mpf(2))) / 2 if not isinf(z) else mpf(z > 0)


def softplus(x):
    return log1p(exp(x)) if x < 0 else x + log1p(exp(-x))


def normalised(m, s, low, high):
    """The mass of a normal distribution between two points."""
    a, b = (low - m) / s, (high - m) / s
    return cdf(-a) - cdf(-b) if a > 0 else cdf(b) - cdf(a)


def bessel(n, x):
    """exp(-x) I_n(x): DLMF 10.25.2, and 10.40.1 where its smallest term, exp(-2 x), is no digit."""
    large = x > 300
    total = term = mpf(1) if large else (x / 2) ** n * exp(-x)
    for k in range(1, 100_000):
        term *= -(4 * n * n - (2 * k - 1) ** 2) / (8 * k * x) if large else x * x / 4 / (k * (k + n))
        total += term
        if abs(term) < total * mp.eps:
            return total / sqrt(2 * pi * x) if large else total
    raise Skip


def log_bessel(x):
    return x + log(bessel(0, x))


class Means:
    """What log-densities ask for under a distribution. What is absent has no closed form here."""

    mean = variance = logarithm = log_variance = log_complement = mpf("nan")
    low, high = -inf, inf

    def missing(self, *_):
        raise Skip

    absolute = power = exponential = log_square = cosine = missing


class Uniform(Means):
    def __init__(self, low, high):
        self.low, self.high = low, high
        w = high - low
        self.mean, self.variance = (low + high) / 2, w * w / 12
        self.entropy = log(w)
        between = lambda f: (f(high) - (f(low) if low > 0 else 0)) / w
        if low >= 0:
            self.logarithm = between(lambda x: x * log(x) - x)
            self.log_variance = between(lambda x: x * (log(x) ** 2 - 2 * log(x) + 2)) - self.logarithm**2
            self.power = lambda k, s: between(lambda x: x * (x / s) ** k / (k + 1))
        if high <= 1:
            other = lambda x: -(1 - x) * log(1 - x) + (1 - x) if x < 1 else mpf(0)
            self.log_complement = (other(high) - other(low)) / w
        self.exponential = lambda t, c: (exp(t * (high - c)) - exp(t * (low - c))) / (t * w)

    def absolute(self, c):
        square = lambda x: (x - c) * abs(x - c) / 2
        return (square(self.high) - square(self.low)) / (self.high - self.low)

    def log_square(self, c, s):
        f = lambda u: u * log(1 + u * u) - 2 * u + 2 * mp.atan(u)
        a, b = (self.low - c) / s, (self.high - c) / s
        return (f(b) - f(a)) / (b - a)

    def cosine(self, c):
        return (sin(self.high - c) - sin(self.low - c)) / (self.high - self.low)


class Normal(Means):
    def __init__(self, m, s):
        self.mean, self.variance = m, s * s
        self.entropy = HALF_LOG_TURN + log(s) + 0.5
        self.exponential = lambda t, c: exp(t * (m - c) + (t * s) ** 2 / 2)
        self.absolute = lambda c: 2 * s * phi((m - c) / s) + (m - c) * erf((m - c) / s / sqrt(mpf(2)))


class Laplace(Means):
    def __init__(self, m, s):
        self.mean, self.variance = m, 2 * s * s
        self.entropy = 1 + log(2 * s)
        self.exponential = lambda t, c: exp(t * (m - c)) / (1 - (t * s) ** 2) if abs(t * s) < 1 else inf
        self.absolute = lambda c: abs(m - c) + s * exp(-abs(m - c) / s)


class Logistic(Means):
    def __init__(self, m, s):
        self.mean, self.variance = m, (pi * s) ** 2 / 3
        self.entropy = 2 + log(s)
        self.exponential = lambda t, c: exp(t * (m - c)) * pi * t * s / sin(pi * t * s) if abs(t * s) < 1 else inf
        self.absolute = lambda c: m - c + 2 * s * softplus((c - m) / s)


class Gumbel(Means):
    def __init__(self, m, s):
        self.mean, self.variance = m + EULER * s, (pi * s) ** 2 / 6
        self.entropy = log(s) + EULER + 1
        self.exponential = lambda t, c: exp(t * (m - c)) * gamma(1 - t * s) if t * s < 1 and t * s > -1e6 else exp(t * (m - c) + loggamma(1 - t * s)) if t * s < 1 else inf


class Cauchy(Means):
    def __init__(self, m, s):
        self.mean = self.variance = inf
        self.entropy = log(4 * pi * s)
        self.log_square = lambda c, t: 2 * log(hypot((m - c) / t, 1 + s / t))
        self.absolute = lambda c: inf


class Student(Means):
    def __init__(self, v, m, s):
        self.mean = m if v > 1 else inf
        self.variance = s * s * v / (v - 2) if v > 2 else inf
        self.entropy = (v + 1) / 2 * (digamma((v + 1) / 2) - digamma(v / 2)) + log(sqrt(v) * beta(v / 2, mpf(0.5))) + log(s)


class Gamma(Means):
    low = mpf(0)

    def __init__(self, a, r):
        self.mean, self.variance = a / r, a / r / r
        self.entropy = a - log(r) + loggamma(a) + (1 - a) * digamma(a)
        self.logarithm, self.log_variance = digamma(a) - log(r), polygamma(1, a)
        self.power = lambda k, s: exp(loggamma(a + k) - loggamma(a) - k * log(r * s)) if k > -a else inf
        self.exponential = lambda t, c: exp(-t * c - a * log(1 - t / r)) if t < r else inf
        self.absolute = lambda c: a / r - c + 2 * (c * lower_gamma(a, r * c) - a / r * lower_gamma(a + 1, r * c))


class Weibull(Means):
    low = mpf(0)

    def __init__(self, l, k):
        g = lambda x: exp(loggamma(1 + x))
        self.mean = l * g(1 / k)
        self.variance = l * l * (g(2 / k) - g(1 / k) ** 2)
        self.entropy = EULER * (1 - 1 / k) + log(l / k) + 1
        self.logarithm, self.log_variance = log(l) - EULER / k, (pi / k) ** 2 / 6
        self.power = lambda j, s: exp(j * log(l / s)) * g(j / k) if j > -k else inf
        if k == 1:
            self.exponential = Gamma(mpf(1), 1 / l).exponential

        def absolute(c):
            if c <= 0 or k * log(c / l) > 100:
                return abs(self.mean - c)
            x = exp(k * log(c / l))
            return self.mean - c + 2 * (c * -mp.expm1(-x) - self.mean * lower_gamma(1 + 1 / k, x))

        self.absolute = absolute


class LogNormal(Means):
    low = mpf(0)

    def __init__(self, m, s):
        self.mean = exp(m + s * s / 2)
        self.variance = mp.expm1(s * s) * self.mean**2
        self.entropy = m + 0.5 + HALF_LOG_TURN + log(s)
        self.logarithm, self.log_variance = m, s * s
        self.power = lambda k, t: exp(k * (m - log(t)) + (k * s) ** 2 / 2)

        def absolute(c):
            if c <= 0:
                return self.mean - c
            z = (log(c) - m) / s
            return self.mean - c + 2 * (c * cdf(z) - self.mean * cdf(z - s))

        self.absolute = absolute


class Pareto(Means):
    def __init__(self, l, a):
        self.low = l
        self.mean = a * l / (a - 1) if a > 1 else inf
        self.variance = l * l * a / ((a - 1) ** 2 * (a - 2)) if a > 2 else inf
        self.entropy = log(l / a) + 1 + 1 / a
        self.logarithm, self.log_variance = log(l) + 1 / a, 1 / a**2
        self.power = lambda k, s: (l / s) ** k * a / (a - k) if k < a else inf

        def absolute(c):
            if a <= 1 or c <= l:
                return self.mean - c
            part = a / (a - 1) * l * (1 - (l / c) ** (a - 1))
            return self.mean - c + 2 * (c * (1 - (l / c) ** a) - part)

        self.absolute = absolute


class Beta(Means):
    low, high = mpf(0), mpf(1)

    def __init__(self, a, b):
        n = a + b
        self.mean, self.variance = a / n, a * b / n / n / (n + 1)
        self.entropy = log(beta(a, b)) - (a - 1) * digamma(a) - (b - 1) * digamma(b) + (n - 2) * digamma(n)
        self.logarithm, self.log_variance = digamma(a) - digamma(n), polygamma(1, a) - polygamma(1, n)
        self.log_complement = digamma(b) - digamma(n)
        self.power = lambda k, s: exp(loggamma(a + k) - loggamma(n + k) + loggamma(n) - loggamma(a) - k * log(s)) if k > -a else inf

        def absolute(c):
            if c <= 0 or c >= 1:
                return abs(self.mean - c)
            return self.mean - c + 2 * (c * lower_beta(a, b, c) - self.mean * lower_beta(a + 1, b, c))

        self.absolute = absolute


class TruncatedNormal(Means):
    def __init__(self, m, s, low, high):
        self.low, self.high = low, high
        a, b = (low - m) / s, (high - m) / s
        z = normalised(m, s, low, high)
        at = lambda x, f: f * phi(x) / z if not isinf(x) else mpf(0)
        shift = at(a, 1) - at(b, 1)
        bend = at(a, a) - at(b, b)
        self.mean, self.variance = m + s * shift, s * s * (1 + bend - shift**2)
        self.entropy = log(z * s) + HALF_LOG_TURN + (1 + bend) / 2
        self.exponential = lambda t, c: exp(t * (m - c) + (t * s) ** 2 / 2) * normalised(m + t * s * s, s, low, high) / z
        if m == 0 and low == 0 and high == inf:
            unit = s * sqrt(mpf(2))
            self.logarithm, self.log_variance = log(unit) + digamma(mpf(0.5)) / 2, polygamma(1, mpf(0.5)) / 4
            self.power = lambda k, t: exp(k * log(unit / t) + loggamma((k + 1) / 2) - loggamma(mpf(0.5))) if k > -1 else inf

        def absolute(c):
            if c <= low or c >= high:
                return abs(self.mean - c)
            y = (c - m) / s
            below = normalised(m, s, low, c) / z
            return self.mean - c + 2 * (c * below - (m * below + s * (at(a, 1) - at(y, 1))))

        self.absolute = absolute


class VonMises(Means):
    low, high = mpf(-float(mp.pi)), mpf(float(mp.pi))

    def __init__(self, m, k):
        ratio = bessel(1, k) / bessel(0, k)
        self.entropy = log(2 * pi) + log_bessel(k) - k * ratio
        self.cosine = lambda c: ratio * cos(m - c)
        self.location, self.k = m, k

    def finish(self):
        """The mean and variance of the angle as a number."""
        centre = self.location - 2 * pi * mp.nint(self.location / (2 * pi))
        with mp.workdps(40):
            top = log(2 * pi * bessel(0, self.k))
            density = lambda d: exp(-2 * self.k * sin(d / 2) ** 2 - top)
            sd = 1 / sqrt(self.k + 0.1)
            cuts = {j * sd for j in (-60, -30, -15, -8, -4, -2, -1, 0, 1, 2, 4, 8, 15, 30, 60)} | {-pi, pi, -pi - centre, pi - centre}
            cuts = sorted(d for d in cuts if -pi <= d <= pi and abs(d) < 61 * sd)
            wrapped = lambda d: d if abs(centre + d) <= pi else d - 2 * pi * mp.sign(centre + d)
            part = lambda f: sum(quad(f, [a, b]) for a, b in zip(cuts, cuts[1:]))
            shift = part(lambda d: density(d) * wrapped(d))
            self.mean = centre + shift
            self.variance = part(lambda d: density(d) * (wrapped(d) - shift) ** 2)


CLASSES = {
    "uniform": Uniform, "normal": Normal, "laplace": Laplace, "logistic": Logistic, "gumbel": Gumbel, "cauchy": Cauchy, "studentT": Student,
    "exponential": lambda r: Gamma(mpf(1), r), "gamma": Gamma, "chiSquared": lambda k: Gamma(k / 2, mpf(0.5)), "weibull": Weibull,
    "logNormal": LogNormal, "pareto": Pareto, "beta": Beta, "vonMises": VonMises, "truncatedNormal": TruncatedNormal,
    "halfNormal": lambda s: TruncatedNormal(mpf(0), s, mpf(0), inf),
}


def times(factor, mean):
    if factor == 0:
        return mpf(0)
    if mp.isnan(mean):
        raise Skip
    return factor * mean


def expected_log(p, name, q):
    """E_p[log q], p a `Means`; where a factor is infinite it is -inf."""
    square = lambda c: p.variance + (p.mean - c) ** 2 if not isinf(p.variance) and not isinf(p.mean) else inf
    if name == "uniform":
        return -log(q[1] - q[0])
    if name == "normal":
        return -HALF_LOG_TURN - log(q[1]) - square(q[0]) / (2 * q[1] ** 2)
    if name in ("truncatedNormal", "halfNormal"):
        m, s, low, high = q if name == "truncatedNormal" else (mpf(0), q[0], mpf(0), inf)
        return -HALF_LOG_TURN - log(s) - square(m) / (2 * s * s) - log(normalised(m, s, low, high))
    if name == "laplace":
        return -log(2 * q[1]) - p.absolute(q[0]) / q[1]
    if name == "logistic":
        if isinf(p.mean):
            return -inf
        raise Skip
    if name == "gumbel":
        tail = p.exponential(-1 / q[1], q[0])
        return -inf if isinf(tail) else -log(q[1]) - (p.mean - q[0]) / q[1] - tail
    if name == "cauchy":
        return -log(pi * q[1]) - p.log_square(q[0], q[1])
    if name == "studentT":
        v, m, s = q
        return -log(s * sqrt(v) * beta(v / 2, mpf(0.5))) - (v + 1) / 2 * p.log_square(m, s * sqrt(v))
    if name in ("exponential", "gamma", "chiSquared"):
        a, r = (mpf(1), q[0]) if name == "exponential" else q if name == "gamma" else (q[0] / 2, mpf(0.5))
        if isinf(p.mean):
            return -inf
        return a * log(r) - loggamma(a) - r * p.mean + times(a - 1, p.logarithm)
    if name == "weibull":
        l, k = q
        tail = p.power(k, l)
        return -inf if isinf(tail) else log(k) - k * log(l) + times(k - 1, p.logarithm) - tail
    if name == "logNormal":
        m, s = q
        return -log(s) - HALF_LOG_TURN + times(mpf(-1), p.logarithm) - times(1 / (2 * s * s), p.log_variance + (p.logarithm - m) ** 2)
    if name == "pareto":
        l, a = q
        return log(a) + a * log(l) + times(-(a + 1), p.logarithm)
    if name == "beta":
        a, b = q
        return -log(beta(a, b)) + times(a - 1, p.logarithm) + times(b - 1, p.log_complement)
    if name == "vonMises":
        return -log(2 * pi) - log_bessel(q[1]) + q[1] * p.cosine(q[0])
    raise ValueError(name)


def odds(p, q):
    part = lambda a, b: a * log(a / b) if a > 0 else mpf(0)
    return part(p, q) + part(1 - p, 1 - q)


def same_family(name, p, q):
    """Pairs of one family that moments do not give."""
    if name == "bernoulli":
        return odds(p[0], q[0])
    if name == "binomial":
        return p[0] * odds(p[1], q[1]) if p[0] == q[0] else None
    if name == "poisson":
        return p[0] * log(p[0] / q[0]) - p[0] + q[0]
    if name == "geometric":
        return odds(p[0], q[0]) / p[0]
    if name == "cauchy":
        return log(((p[1] + q[1]) ** 2 + (p[0] - q[0]) ** 2) / (4 * p[1] * q[1]))
    if name == "weibull" or name == "gumbel":
        delta, s = ((q[0] - p[0]) / q[1], p[1] / q[1]) if name == "gumbel" else (q[1] * log(p[0] / q[0]), q[1] / p[1])
        return exp(delta + loggamma(1 + s)) - 1 - delta - log(s) + EULER * (s - 1)
    return None


def kl(p, q):
    (own, *a), (name, *b) = [(f[0], *map(mpf, f[1:])) for f in (p, q)]
    if p == q:
        return mpf(0)
    if own == name:
        if own == "logistic" and a[1] == b[1]:
            x = abs(a[0] - b[0]) / a[1] / 2
            return 2 * (x / mp.tanh(x) - 1)
        if own in ("logistic", "studentT"):
            raise Skip
        value = same_family(own, a, b)
        if value is not None:
            return value
    if own in COUNTS or name in COUNTS:
        return of_counts((own, *a), (name, *b))
    means = CLASSES[own](*a)
    other = CLASSES[name](*b)
    if means.low < other.low or means.high > other.high:
        return inf
    if own == "vonMises" and name != "vonMises":
        means.finish()
    mean = expected_log(means, name, b)
    return inf if isinf(mean) else -means.entropy - mean


COUNTS = ("bernoulli", "binomial", "poisson", "geometric")


def log_mass(f, k):
    name, *a = f
    if name == "bernoulli":
        name, a = "binomial", [mpf(1), *a]
    if name == "binomial":
        n, p = int(a[0]), a[1]
        if k > n:
            return -inf
        return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p)
    if name == "poisson":
        return k * log(a[0]) - a[0] - loggamma(k + 1)
    return k * log(1 - a[0]) + log(a[0])


def of_counts(p, q):
    if p[0] not in ("bernoulli", "binomial") or q[0] not in COUNTS:
        raise Skip
    n = 1 if p[0] == "bernoulli" else int(p[1])
    if n > 60:
        raise Skip
    total = mpf(0)
    for k in range(n + 1):
        own, other = log_mass(p, k), log_mass(q, k)
        if isinf(other):
            return inf
        total += exp(own) * (own - other)
    return total


def short(x):
    return float(f"{x:.3g}")


def drawn(rng, name):
    """A member of a family: parameters log-uniform from 1e-10 to 1e10, of three digits."""
    positive = lambda: short(10 ** rng.uniform(-10, 10))
    location = lambda: rng.choice((-1, 1)) * positive()

    def probability():
        x = short(10 ** rng.uniform(-10, -0.3))
        return x if rng.random() < 0.5 else 1 - x

    def interval():
        for _ in range(1000):
            low = rng.choice((location(), positive(), 0.0))
            high = short(low + positive())
            # Different numbers in f32 as well.
            if high - low > abs(low) * 2e-7 and high > low:
                return low, high
        raise Skip

    if name in ("normal", "laplace", "logistic", "gumbel", "cauchy", "vonMises", "logNormal"):
        return (name, location(), positive())
    if name == "studentT":
        return (name, positive(), location(), positive())
    if name == "uniform":
        return (name, *interval())
    if name in ("exponential", "chiSquared", "halfNormal", "poisson"):
        return (name, positive())
    if name in ("gamma", "weibull", "pareto", "beta"):
        return (name, positive(), positive())
    if name == "truncatedNormal":
        low, high = interval()
        kind = rng.randrange(3)
        return (name, location(), positive(), *((low, high) if kind == 0 else (low, inf) if kind == 1 else (-inf, high)))
    if name in ("bernoulli", "geometric"):
        return (name, probability())
    if name == "binomial":
        return (name, rng.randrange(1, 50) if rng.random() < 0.5 else int(short(10 ** rng.uniform(0, 10))), probability())
    raise ValueError(name)


def related(rng, p):
    """Another member of p's family, which shares some of its parameters or nearly does."""
    if p[0] == "binomial":
        return (p[0], p[1], drawn(rng, p[0])[2])
    if p[0] in ("bernoulli", "geometric"):
        return (p[0], p[1] * (1 - float(f"{10 ** rng.uniform(-9, -0.3):.3g}")))
    near = rng.random() < 0.5
    other = drawn(rng, p[0])
    if p[0] in ("uniform", "truncatedNormal"):
        return (*other[:-2], *p[-2:]) if rng.random() < 0.5 else other
    change = lambda a: a * (1 + rng.choice((-1, 1)) * float(f"{10 ** rng.uniform(-9, -0.3):.3g}"))
    return (p[0], *(a if rng.random() < 0.4 else change(a) if near else b for a, b in zip(p[1:], other[1:])))


def renyi(p, q, alpha):
    """Rényi's divergence of two members of one family, where it has a closed form."""
    name, *a = [p[0], *map(mpf, p[1:])]
    b = [mpf(x) for x in q[1:]]
    alpha = mpf(alpha)
    rest = 1 - alpha
    if name == "chiSquared":
        name, a, b = "gamma", [a[0] / 2, mpf(0.5)], [b[0] / 2, mpf(0.5)]
    if name == "exponential":
        name, a, b = "gamma", [mpf(1), a[0]], [mpf(1), b[0]]
    if name == "bernoulli":
        name, a, b = "binomial", [1, *a], [1, *b]
    if name in ("normal", "logNormal", "halfNormal"):
        (m, s), (n, t) = (a, b) if name != "halfNormal" else ((mpf(0), a[0]), (mpf(0), b[0]))
        joint = alpha * t * t + rest * s * s
        return inf if joint <= 0 else alpha * (m - n) ** 2 / (2 * joint) + log(joint / (s ** (2 * rest) * t ** (2 * alpha))) / (2 * rest)
    if name == "gamma":
        c, r = alpha * a[0] + rest * b[0], alpha * a[1] + rest * b[1]
        if c <= 0 or r <= 0:
            return inf
        own, other = a[0] * log(a[1]) - loggamma(a[0]), b[0] * log(b[1]) - loggamma(b[0])
        return (alpha * own + rest * other + loggamma(c) - c * log(r)) / -rest
    if name == "beta":
        c, d = alpha * a[0] + rest * b[0], alpha * a[1] + rest * b[1]
        if c <= 0 or d <= 0:
            return inf
        log_beta = lambda x, y: loggamma(x) + loggamma(y) - loggamma(x + y)
        return (log_beta(c, d) - alpha * log_beta(*a) - rest * log_beta(*b)) / -rest
    if name == "poisson":
        return (alpha * a[0] + rest * b[0] - a[0] ** alpha * b[0] ** rest) / rest
    if name == "geometric":
        ratio = (1 - a[0]) ** alpha * (1 - b[0]) ** rest
        return log(a[0] ** alpha * b[0] ** rest / (1 - ratio)) / -rest if ratio < 1 else inf
    if name == "binomial":
        if a[0] != b[0]:
            raise Skip
        return a[0] * log(a[1] ** alpha * b[1] ** rest + (1 - a[1]) ** alpha * (1 - b[1]) ** rest) / -rest
    if name == "vonMises":
        x = alpha * a[1] * cos(a[0]) + rest * b[1] * cos(b[0])
        y = alpha * a[1] * sin(a[0]) + rest * b[1] * sin(b[0])
        return (log_bessel(hypot(x, y)) - alpha * log_bessel(a[1]) - rest * log_bessel(b[1])) / -rest
    if name == "uniform":
        low, high = max(a[0], b[0]), min(a[1], b[1])
        if high <= low or (alpha > 1 and (a[0] < b[0] or a[1] > b[1])):
            return inf
        return log((high - low) / ((a[1] - a[0]) ** alpha * (b[1] - b[0]) ** rest)) / -rest
    raise Skip


FAMILIES = [*CLASSES, *COUNTS]
ORDERS = (0.3, 0.75, 2)


def printed(f):
    return "[" + ", ".join(f'"{v}"' if isinstance(v, str) else number(v) for v in f) + "]"


def number(v):
    if isinf(v) or abs(v) > mpf(2) ** 1024:
        return "Infinity" if v > 0 else "-Infinity"
    text = repr(float(v)).replace("e-0", "e-").replace("e+", "e")
    return text[:-2] if text.endswith(".0") else text


def rough(v):
    """A value to 13 digits, which is more than is compared."""
    return number(v) if isinf(v) or abs(v) > mpf(2) ** 1024 else number(float(f"{float(v):.12e}"))


def orders(p, q):
    """Rényi's divergences of all orders, where they have closed forms."""
    if p[0] != q[0]:
        return []
    try:
        return [renyi(p, q, alpha) if p != q else mpf(0) for alpha in ORDERS]
    except Skip:
        return []


def pair(rng):
    """Two distributions of any families, or of one, by half of the latter nearly equal or with equal parameters."""
    name = rng.choice(FAMILIES)
    other = name if rng.random() < 0.4 else rng.choice(FAMILIES)
    p, q = drawn(rng, name), drawn(rng, other)
    if name == other and rng.random() < 0.5:
        q = related(rng, p)
    return p, q


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    print("// Made by `python3 test/golden/divergences/extremes.py`: closed forms in 200 digits (mpmath 1.3).\n")
    print('import type { Family } from "../../support/distributions/families.ts";\n')
    print("/** Parameters are log-uniform from 1e-10 to 1e10. */")
    print("export const ORDERS: readonly number[] = [" + ", ".join(map(str, ORDERS)) + "];\n")
    print("/** p, q, KL(p || q) and, of one family, Rényi's divergences of those orders, to 13 digits. */")
    print("export const PAIRS: readonly (readonly [p: Family, q: Family, ...nats: number[]])[] = [")
    infinite = count = equal = 0
    while count < PAIRS:
        try:
            p, q = pair(rng)
            value = kl(p, q)
        except Skip:
            continue
        infinite += isinf(value) or value > mpf(2) ** 1024
        equal += p == q
        # A few of what is told at once.
        if (isinf(value) and infinite > PAIRS // 10) or (p == q and equal > PAIRS // 100):
            continue
        if value < 0:
            raise ArithmeticError(f"{p} {q} {mp.nstr(value, 20)}")
        count += 1
        print(f"  [{printed(p)}, {printed(q)}, {', '.join(map(rough, [value, *orders(p, q)]))}],", flush=True)
    print("];")


if __name__ == "__main__":
    main()
