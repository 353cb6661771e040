"""Writes functions.txt: values of mpmath 1.3.0 at 50 digits and more, for parameters from 1e-6 to 1e6.

    nice python3 test/golden/distributions/functions.py [family ...] > test/golden/distributions/functions.txt

Parameters and points are drawn with a seed of the family's own and are numbers that f32 holds, so that the same points serve f32. A line that
begins with a name has a distribution: the call that makes it, its mean, variance and entropy. The lines below it have a point each, quantiles of
1e-300 to 1 - 1e-300 and two of any size: x, logProb, cdf, survival, logCdf, logSurvival, p and icdf(p), where p is cdf(x) rounded, or the middle of
x's step for whole numbers; "-" where p would be 0 or 1 or icdf(p) beyond f64, for the two of any size, and for entropies that have no closed form.
It takes eight minutes. Families that came later have a module each in families/, which families.py reads; theirs are made of what is here.
"""

import random
import sys

import mpmath as mp
import numpy as np
from scipy import special

mp.mp.dps = 50
INF = mp.inf
LEAST, MOST = 2.0**-126, (2 - 2.0**-23) * 2.0**127


def f32(x):
    return float(np.float32(x))


def text(x):
    if x is None:
        return "-"
    if mp.isnan(x):
        return "NaN"
    x = float(x)
    return {np.inf: "Infinity", -np.inf: "-Infinity"}.get(x, repr(x).removesuffix(".0"))


def exp(x):
    return mp.exp(x) if x > -1e7 else mp.mpf(0)


# P(X <= x), P(X > x) and their logarithms, from one of them.
def of_log(log):
    if log == 0:
        return mp.mpf(1), mp.mpf(0), mp.mpf(0), -INF
    other = -mp.expm1(log) if log > -1e7 else mp.mpf(1)
    return exp(log), other, log, mp.log(other) if other < 0.5 else mp.log1p(-exp(log))


def of_value(value):
    if value == 0:
        return mp.mpf(0), mp.mpf(1), -INF, mp.mpf(0)
    return value, 1 - value, mp.log(value), mp.log1p(-value)


def mirrored(tails):
    return tails[1], tails[0], tails[3], tails[2]


def both(lower, upper):
    of = lambda a, b: mp.log1p(-b) if b < 0.5 else (mp.log(a) if a > 0 else -INF)
    return lower, upper, of(lower, upper), of(upper, lower)


class Family:
    whole = False
    low, high = -INF, INF
    entropy = None

    def __init__(self, call):
        self.call = call


def log_phi(z):
    return -z * z / 2 - mp.log(2 * mp.pi) / 2


# log P(Z > z), z >= 0
def log_normal_tail(z):
    if z < 1000:
        return mp.log(mp.erfc(z / mp.sqrt(2)) / 2)
    term, total = mp.mpf(1), mp.mpf(1)
    for k in range(1, 14):
        term *= -(2 * k - 1) / (z * z)
        total += term
    return log_phi(z) - mp.log(z) + mp.log(total)


def normal_tails(z):
    return of_log(log_normal_tail(-z)) if z < 0 else mirrored(of_log(log_normal_tail(z)))


class LocationScale(Family):
    def __init__(self, location, scale):
        super().__init__(f"{self.name}({text(location)}, {text(scale)})")
        self.m, self.s = mp.mpf(location), mp.mpf(scale)
        self.mean, self.variance = self.m + self.of_one[0] * self.s, self.of_one[1] * self.s**2
        self.entropy = self.of_one[2] + mp.log(self.s)

    def z(self, x):
        return (mp.mpf(x) - self.m) / self.s

    def log_density(self, x):
        return self.log_one(self.z(x)) - mp.log(self.s)

    def tails(self, x):
        return self.tails_one(self.z(x))

    def guess(self, p, q):
        return float(self.m) + float(self.s) * float(self.guess_one(p, q))


class Normal(LocationScale):
    name = "normal"
    of_one = 0, 1, (mp.log(2 * mp.pi) + 1) / 2
    log_one = staticmethod(log_phi)
    tails_one = staticmethod(normal_tails)
    guess_one = staticmethod(lambda p, q: special.ndtri(p) if p < 0.5 else -special.ndtri(q))


class Laplace(LocationScale):
    name = "laplace"
    of_one = 0, 2, 1 + mp.log(2)
    log_one = staticmethod(lambda z: -abs(z) - mp.log(2))
    guess_one = staticmethod(lambda p, q: np.log(2 * p) if p < 0.5 else -np.log(2 * q))

    @staticmethod
    def tails_one(z):
        tail = of_log(-abs(z) - mp.log(2))
        return tail if z < 0 else mirrored(tail)


class Logistic(LocationScale):
    name = "logistic"
    of_one = 0, mp.pi**2 / 3, 2
    log_one = staticmethod(lambda z: -abs(z) - 2 * mp.log1p(exp(-abs(z))))
    guess_one = staticmethod(lambda p, q: np.log(p) - np.log(q))

    @staticmethod
    def tails_one(z):
        tail = of_log(-abs(z) - mp.log1p(exp(-abs(z))))
        return tail if z < 0 else mirrored(tail)


class Gumbel(LocationScale):
    name = "gumbel"
    of_one = mp.euler, mp.pi**2 / 6, 1 + mp.euler
    log_one = staticmethod(lambda z: -z - mp.exp(-z) if z > -1e4 else -INF)
    guess_one = staticmethod(lambda p, q: -np.log(-np.log(p) if p < 0.5 else -np.log1p(-q)))

    @staticmethod
    def tails_one(z):
        if z < -1e4:
            return mp.mpf(0), mp.mpf(1), -INF, mp.mpf(0)
        log = -exp(-z)
        tails = of_log(log)
        # 1 - exp(-tiny), whose tiny may be beyond any number of digits
        return tails if z < 1e4 else (mp.mpf(1), exp(-z), log, -z)


class Cauchy(LocationScale):
    name = "cauchy"
    of_one = mp.nan, mp.nan, mp.log(4 * mp.pi)
    log_one = staticmethod(lambda z: -mp.log1p(z * z) - mp.log(mp.pi))
    guess_one = staticmethod(lambda p, q: -1 / np.tan(np.pi * p) if p < 0.5 else 1 / np.tan(np.pi * q))

    @staticmethod
    def tails_one(z):
        tail = of_value((mp.atan(1 / abs(z)) if z else mp.pi / 2) / mp.pi)
        return tail if z < 0 else mirrored(tail)


class LogNormal(Family):
    low = mp.mpf(0)

    def __init__(self, mean, std):
        super().__init__(f"logNormal({text(mean)}, {text(std)})")
        m, s = self.m, self.s = mp.mpf(mean), mp.mpf(std)
        self.mean = mp.exp(m + s * s / 2)
        self.variance = mp.expm1(s * s) * mp.exp(2 * m + s * s)
        self.entropy = m + Normal.of_one[2] + mp.log(s)

    def z(self, x):
        return (mp.log(mp.mpf(x)) - self.m) / self.s

    def log_density(self, x):
        return log_phi(self.z(x)) - mp.log(self.s) - mp.log(mp.mpf(x))

    def tails(self, x):
        return normal_tails(self.z(x))

    def guess(self, p, q):
        return mp.exp(self.m + self.s * mp.mpf(float(Normal.guess_one(p, q))))


class HalfNormal(Family):
    low = mp.mpf(0)

    def __init__(self, scale):
        super().__init__(f"halfNormal({text(scale)})")
        s = self.s = mp.mpf(scale)
        self.mean, self.variance = s * mp.sqrt(2 / mp.pi), s * s * (1 - 2 / mp.pi)
        self.entropy = mp.log(mp.pi / 2) / 2 + mp.mpf(1) / 2 + mp.log(s)

    def log_density(self, x):
        return log_phi(x / self.s) + mp.log(2) - mp.log(self.s)

    def tails(self, x):
        log = log_normal_tail(x / self.s) + mp.log(2)
        return both(mp.erf(x / self.s / mp.sqrt(2)), exp(log))[:3] + (log,)

    def guess(self, p, q):
        return float(self.s) * (special.erfinv(p) * np.sqrt(2) if p < 0.5 else -special.ndtri(q / 2))


class Uniform(Family):
    def __init__(self, low, high):
        super().__init__(f"uniform({text(low)}, {text(high)})")
        self.low, self.high = mp.mpf(low), mp.mpf(high)
        width = self.width = self.high - self.low
        self.mean, self.variance, self.entropy = self.low + width / 2, width**2 / 12, mp.log(width)

    def log_density(self, x):
        return -mp.log(self.width)

    def tails(self, x):
        return both((x - self.low) / self.width, (self.high - x) / self.width)

    def guess(self, p, q):
        return self.low + self.width * p if p < 0.5 else self.high - self.width * q


class Weibull(Family):
    low = mp.mpf(0)

    def __init__(self, scale, shape):
        super().__init__(f"weibull({text(scale)}, {text(shape)})")
        s, k = self.s, self.k = mp.mpf(scale), mp.mpf(shape)
        with mp.workdps(90):
            # Of a small shape they are beyond f64.
            few = k < 0.001
            self.mean = INF if few else +(s * mp.gamma(1 + 1 / k))
            self.variance = INF if few else +(s**2 * (mp.gamma(1 + 2 / k) - mp.gamma(1 + 1 / k) ** 2))
        self.entropy = mp.euler * (1 - 1 / k) + mp.log(s / k) + 1

    def log_density(self, x):
        ratio = mp.log(x / self.s)
        return mp.log(self.k / self.s) + (self.k - 1) * ratio - (mp.exp(self.k * ratio) if self.k * ratio < 1e4 else INF)

    def tails(self, x):
        log_hazard = self.k * mp.log(x / self.s)
        if log_hazard > 1e4:
            return mp.mpf(1), mp.mpf(0), mp.mpf(0), -INF
        if log_hazard < -1e3:
            return exp(log_hazard), mp.mpf(1), log_hazard, -exp(log_hazard)
        return mirrored(of_log(-mp.exp(log_hazard)))

    def guess(self, p, q):
        return self.s * mp.mpf(float(-np.log1p(-p) if p < 0.5 else -np.log(q))) ** (1 / self.k)


class Exponential(Family):
    low = mp.mpf(0)

    def __init__(self, rate):
        super().__init__(f"exponential({text(rate)})")
        r = self.r = mp.mpf(rate)
        self.mean, self.variance, self.entropy = 1 / r, 1 / r**2, 1 - mp.log(r)

    def log_density(self, x):
        return mp.log(self.r) - self.r * x

    def tails(self, x):
        return mirrored(of_log(-self.r * x))

    def guess(self, p, q):
        return float(-np.log1p(-p) if p < 0.5 else -np.log(q)) / float(self.r)


class Pareto(Family):
    def __init__(self, scale, shape):
        super().__init__(f"pareto({text(scale)}, {text(shape)})")
        s, k = self.s, self.k = mp.mpf(scale), mp.mpf(shape)
        self.low = s
        self.mean = s * k / (k - 1) if k > 1 else INF
        self.variance = (s / (k - 1)) ** 2 * k / (k - 2) if k > 2 else INF
        self.entropy = mp.log(s / k) + 1 + 1 / k

    def log_density(self, x):
        return mp.log(self.k / self.s) - (self.k + 1) * mp.log(x / self.s)

    def tails(self, x):
        return mirrored(of_log(-self.k * mp.log(x / self.s)))

    def guess(self, p, q):
        return self.s * mp.exp(mp.mpf(float(-np.log1p(-p) if p < 0.5 else -np.log(q))) / self.k)


# Σ of positive terms whose ratio is numerator(n) / denominator(n); None where they are too many.
def series(ratio):
    total, term, n = mp.mpf(1), mp.mpf(1), 0
    while True:
        factor = ratio(n)
        term *= factor
        total += term
        n += 1
        if factor < 1 and term < total * mp.eps * (1 - factor):
            return total
        if n > 60_000:
            return None


# (P, Q) of a family whose one tail is a series of positive terms: more digits where the other is small.
def with_complement(value):
    with mp.workdps(mp.mp.dps):
        own = value()
        while own is not None and 1 - own < mp.mpf(10) ** (25 - mp.mp.dps):
            mp.mp.dps = 2 * mp.mp.dps
            if mp.mp.dps > 1000:
                return None
            own = value()
        return None if own is None else (own, 1 - own)


def gamma_tails(a, x):
    if x <= 0:
        return mp.mpf(0), mp.mpf(1)
    if x < a + 200:
        return with_complement(lambda: lower_gamma(a, x))
    upper = upper_gamma(a, x)
    return None if upper is None else (1 - upper, upper)


def lower_gamma(a, x):
    total = series(lambda n: x / (a + 1 + n))
    return None if total is None else total * mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))


# The continued fraction of DLMF 8.9.2, by the modified method of Lentz.
def upper_gamma(a, x):
    b = x + 1 - a
    c, d = INF, 1 / b
    product = d
    for k in range(1, 100_000):
        numerator = -k * (k - a)
        b += 2
        d = 1 / (b + numerator * d)
        c = b + (0 if c == INF else numerator / c)
        product *= c * d
        if abs(c * d - 1) < mp.eps:
            return product * mp.exp(a * mp.log(x) - x - mp.loggamma(a))
    return None


class Gamma(Family):
    low = mp.mpf(0)

    def __init__(self, concentration, rate, call=None):
        super().__init__(call or f"gamma({text(concentration)}, {text(rate)})")
        c, r = self.c, self.r = mp.mpf(concentration), mp.mpf(rate)
        self.mean, self.variance = c / r, c / r**2
        self.entropy = c - mp.log(r) + mp.loggamma(c) + (1 - c) * mp.digamma(c)

    def log_density(self, x):
        return self.c * mp.log(self.r) + (self.c - 1) * mp.log(x) - self.r * x - mp.loggamma(self.c)

    def tails(self, x):
        made = gamma_tails(self.c, self.r * x)
        return made and both(*made)

    def guess(self, p, q):
        c = float(self.c)
        return (special.gammaincinv(c, p) if p < 0.5 else special.gammainccinv(c, q)) / float(self.r)


def chi_squared(degrees):
    return Gamma(mp.mpf(degrees) / 2, mp.mpf(1) / 2, f"chiSquared({text(degrees)})")


# I_x(a, b) and its complement for x + y = 1, from the side of the smaller of x and y: DLMF 8.17.8, whose terms are positive.
def beta_tails(a, b, x, y):
    if x > y:
        made = beta_tails(b, a, y, x)
        return made and (made[1], made[0])
    def value():
        total = series(lambda n: (a + b + n) * x / (a + 1 + n))
        log = a * mp.log(x) + b * mp.log1p(-x) - mp.log(a) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
        return None if total is None else total * mp.exp(log)
    return with_complement(value)


class Beta(Family):
    low, high = mp.mpf(0), mp.mpf(1)

    def __init__(self, a, b):
        super().__init__(f"beta({text(a)}, {text(b)})")
        a, b = self.a, self.b = mp.mpf(a), mp.mpf(b)
        n = a + b
        self.mean, self.variance = a / n, a * b / n**2 / (n + 1)
        self.log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(n)
        self.entropy = self.log_beta - (a - 1) * mp.digamma(a) - (b - 1) * mp.digamma(b) + (n - 2) * mp.digamma(n)

    def log_density(self, x):
        return (self.a - 1) * mp.log(x) + (self.b - 1) * mp.log1p(-x) - self.log_beta

    def tails(self, x):
        made = beta_tails(self.a, self.b, x, 1 - x)
        return made and both(*made)

    def guess(self, p, q):
        a, b = float(self.a), float(self.b)
        return special.betaincinv(a, b, p) if p < 0.5 else special.betainccinv(a, b, q)


class StudentT(Family):
    def __init__(self, degrees, location, scale):
        super().__init__(f"studentT({text(degrees)}, {text(location)}, {text(scale)})")
        v, m, s = self.v, self.m, self.s = mp.mpf(degrees), mp.mpf(location), mp.mpf(scale)
        self.mean = m if v > 1 else mp.nan
        self.variance = s**2 * v / (v - 2) if v > 2 else INF if v > 1 else mp.nan
        self.log_beta = mp.loggamma(v / 2) + mp.loggamma(mp.mpf(1) / 2) - mp.loggamma(v / 2 + mp.mpf(1) / 2)
        self.entropy = (
            (v + 1) / 2 * (mp.digamma((v + 1) / 2) - mp.digamma(v / 2)) + mp.log(v) / 2 + self.log_beta + mp.log(s)
        )

    def log_density(self, x):
        z = (x - self.m) / self.s
        return -(self.v + 1) / 2 * mp.log1p(z * z / self.v) - mp.log(self.v) / 2 - self.log_beta - mp.log(self.s)

    def tails(self, x):
        z = (x - self.m) / self.s
        made = beta_tails(self.v / 2, mp.mpf(1) / 2, self.v / (self.v + z * z), z * z / (self.v + z * z)) if z else (1, 0)
        if made is None:
            return None
        tail = of_value(mp.mpf(made[0]) / 2)
        return tail if z < 0 else mirrored(tail)

    def guess(self, p, q):
        v = float(self.v)
        return float(self.m) + float(self.s) * (special.stdtrit(v, p) if p < 0.5 else -special.stdtrit(v, q))


class TruncatedNormal(Family):
    def __init__(self, mean, std, low, high):
        super().__init__(f"truncatedNormal({text(mean)}, {text(std)}, {text(low)}, {text(high)})")
        self.m, self.s, self.low, self.high = mp.mpf(mean), mp.mpf(std), mp.mpf(low), mp.mpf(high)
        with mp.workdps(200):
            m, s = self.m, self.s
            a, b = (self.low - m) / s, (self.high - m) / s
            if a > 0 and a > -b:
                moments = self.moments(a, b)
            else:
                moments = self.moments(-b, -a)
                moments = -moments[0], moments[1], moments[2]
            mean, self.variance, entropy = +moments[0], s**2 * moments[1], moments[2]
            self.mean, self.entropy = m + s * mean, entropy + mp.log(s)

    # Of the standard one between a and b, of which a is the one nearer to the middle or below it, as multiples of exp(-a² / 2)
    @staticmethod
    def moments(a, b):
        c = max(a, mp.mpf(0))
        rel = lambda t: mp.mpf(0) if abs(t) == INF or c * c / 2 - t * t / 2 < -1e6 else mp.exp(c * c / 2 - t * t / 2)
        mass = scaled_mass(a, b, c)
        fa, fb = rel(a), rel(b)
        za, zb = (mp.mpf(0) if not f else t * f for t, f in ((a, fa), (b, fb)))
        root = mp.sqrt(2 * mp.pi)
        mean = (fa - fb) / mass / root
        variance = 1 + (za - zb) / mass / root - mean**2
        entropy = mp.log(root) + mp.log(mass) - c * c / 2 + mp.mpf(1) / 2 + (za - zb) / mass / root / 2
        return mean, variance, entropy

    def log_density(self, x):
        with mp.workdps(100):
            m, s = self.m, self.s
            a, b = (self.low - m) / s, (self.high - m) / s
            a, b, z = (a, b, (x - m) / s) if a > 0 and a > -b else (-b, -a, (m - x) / s)
            c = max(a, mp.mpf(0))
            return -(z - c) * (z + c) / 2 - mp.log(2 * mp.pi) / 2 - mp.log(scaled_mass(a, b, c)) - mp.log(s)

    def tails(self, x):
        with mp.workdps(100):
            m, s = self.m, self.s
            a, b = (self.low - m) / s, (self.high - m) / s
            flip = not (a > 0 and a > -b)
            a, b, z = (-b, -a, (m - x) / s) if flip else (a, b, (x - m) / s)
            c = max(a, mp.mpf(0))
            e = max(z, mp.mpf(0))
            whole = mp.log(scaled_mass(a, b, c))
            below = scaled_mass(a, z, c)
            beyond = scaled_mass(z, b, e)
            if beyond <= 0:
                return None
            log_beyond = mp.log(beyond) - (e - c) * (e + c) / 2 - whole
            tails = both(below * mp.exp(-whole), exp(log_beyond))
            if log_beyond < -1:
                tails = tails[:3] + (log_beyond,)
            return mirrored(tails) if flip else tails

    def guess(self, p, q):
        lo = self.low if self.low > -INF else self.m - 40 * self.s
        hi = self.high if self.high < INF else self.m + 40 * self.s
        # Distances from the end where it is dense
        with mp.workdps(40):
            near = self.m < lo
            far = self.m > hi
            u, v = mp.mpf(-80), mp.log(hi - lo)
            for _ in range(40):
                t = (u + v) / 2
                x = (hi - mp.exp(t)) if far else lo + mp.exp(t)
                made = self.tails(x)
                if made is None or not lo < x < hi:
                    return None
                below = made[0] < p if p < 0.5 else made[1] > q
                if below != far:
                    u = t
                else:
                    v = t
            return x


# exp(c² / 2) P(a < Z < b); c is a or 0
def scaled_mass(a, b, c):
    tail = lambda z: mp.mpf(0) if z == INF else 1 - tail(-z) * mp.mpf(1) if z < 0 else mills(z) * scale(z)
    scale = lambda z: mp.mpf(0) if c * c - z * z < -4e5 else mp.exp((c - z) * (c + z) / 2) / mp.sqrt(2 * mp.pi)
    if a < 0:
        p = lambda z: mp.mpf(0) if z == -INF else mp.mpf(1) if z == INF else mp.erfc(-z / mp.sqrt(2)) / 2
        return p(b) - p(a)
    return mills(a) * scale(a) - (mp.mpf(0) if b == INF else mills(b) * scale(b))


# P(Z > z) / φ(z), z >= 0
def mills(z):
    if z < 200:
        return mp.sqrt(mp.pi / 2) * mp.exp(z * z / 2) * mp.erfc(z / mp.sqrt(2))
    rest = z
    for k in range(int(10 + 12 * (mp.mp.dps / mp.log10(z)) ** 1) if z > 1e6 else 2000, 0, -1):
        rest = z + k / rest
    return 1 / rest


class VonMises(Family):
    def __init__(self, location, concentration):
        super().__init__(f"vonMises({text(location)}, {text(concentration)})")
        self.low, self.high = -mp.pi, mp.pi
        k = self.k = mp.mpf(concentration)
        m = mp.mpf(location)
        self.m = m - 2 * mp.pi * mp.floor(m / (2 * mp.pi) + mp.mpf(1) / 2)
        with mp.workdps(30):
            bessel = mp.besseli(0, k) * mp.exp(-k)
            self.log_scale = -mp.log(2 * mp.pi * bessel)
            ratio = 1 - mp.besseli(1, k) * mp.exp(-k) / bessel
            self.entropy = k * ratio - self.log_scale
            # The variance about the location, and what lies beyond the cut
            d = abs(self.m)
            beyond = self.integral(lambda a: mp.mpf(1), mp.pi - d, mp.pi)
            moment = self.integral(lambda a: a, mp.pi - d, mp.pi)
            square = 2 * self.integral(lambda a: a * a, mp.mpf(0), mp.pi)
            self.mean = self.m - mp.sign(self.m) * 2 * mp.pi * beyond
            self.variance = square - 4 * mp.pi * moment + 4 * mp.pi**2 * beyond * (1 - beyond)

    def log_density(self, x):
        return self.log_scale - 2 * self.k * mp.sin((x - self.m) / 2) ** 2

    # of f times the density from a to b, 0 <= a < b <= pi
    def integral(self, f, a, b):
        if b <= a:
            return mp.mpf(0)
        with mp.workdps(30):
            width = 2 / (mp.mpf(1) / 2 + mp.sqrt(self.k) + self.k * mp.sin(a) / 4)
            # mp.quad's accuracy is absolute, so that the density is taken relative to the first.
            start = 2 * self.k * mp.sin(a / 2) ** 2
            density = lambda t: mp.exp(start - 2 * self.k * mp.sin(t / 2) ** 2)
            total, left = mp.mpf(0), a
            while left < b:
                right = min(left + width, b)
                part = mp.quad(lambda t: f(t) * density(t), [left, right], method="gauss-legendre", maxdegree=5)
                total += part
                if part < total * mp.mpf(10) ** -26:
                    break
                left = right
            return total * mp.exp(self.log_scale - start)

    # of an interval that does not hold the centre, in distances from it that may be up to 2 pi
    def apart(self, a, b):
        if a >= mp.pi:
            return self.integral(lambda t: mp.mpf(1), 2 * mp.pi - b, 2 * mp.pi - a)
        if b > mp.pi:
            return self.apart(a, mp.pi) + self.apart(mp.pi, b)
        return self.integral(lambda t: mp.mpf(1), a, b)

    def tails(self, x):
        d = x - self.m
        if d < 0:
            return both(*self.pair(-d, mp.pi + self.m))
        upper, lower = self.pair(d, mp.pi - self.m)
        return both(lower, upper)

    def pair(self, a, b):
        tail = self.apart(a, b)
        return tail, 1 - tail

    def guess(self, p, q):
        z = float(Normal.guess_one(p, q)) / float(mp.sqrt(self.k))
        if abs(z) > 3:
            return float(2 * mp.pi * p - mp.pi) if p < 0.5 else float(mp.pi - 2 * mp.pi * q)
        x = self.m + z
        return x if -mp.pi < x < mp.pi else x - 2 * mp.pi * mp.sign(x)


class Poisson(Family):
    whole, low = True, mp.mpf(0)

    def __init__(self, rate):
        super().__init__(f"poisson({text(rate)})")
        self.r = self.mean = self.variance = mp.mpf(rate)

    def log_density(self, k):
        return k * mp.log(self.r) - self.r - mp.loggamma(k + 1)

    def tails(self, k):
        made = gamma_tails(k + 1, self.r)
        return made and both(made[1], made[0])

    def guess(self, p, q):
        r = float(self.r)
        return np.ceil(special.pdtrik(p, r) if p < 0.5 else r + np.sqrt(r) * -special.ndtri(q) + special.ndtri(q) ** 2 / 6)


class Binomial(Family):
    whole, low = True, mp.mpf(0)

    def __init__(self, n, p):
        super().__init__(f"binomial({text(n)}, {text(p)})")
        n, p = self.n, self.p = mp.mpf(n), mp.mpf(p)
        self.high, self.mean, self.variance = n, n * p, n * p * (1 - p)

    def log_density(self, k):
        n, p = self.n, self.p
        choose = mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
        return choose + k * mp.log(p) + (n - k) * mp.log1p(-p)

    def tails(self, k):
        if k >= self.n:
            return mp.mpf(1), mp.mpf(0), mp.mpf(0), -INF
        made = beta_tails(k + 1, self.n - k, self.p, 1 - self.p)
        return made and both(made[1], made[0])

    def guess(self, p, q):
        z = float(Normal.guess_one(p, q))
        v = float(self.variance)
        return np.round(float(self.mean) + np.sqrt(v) * z + (z * z - 1) * float(1 - 2 * self.p) / 6)


class Geometric(Family):
    whole, low = True, mp.mpf(0)

    def __init__(self, p):
        super().__init__(f"geometric({text(p)})")
        p = self.p = mp.mpf(p)
        self.mean, self.variance = (1 - p) / p, (1 - p) / p**2
        self.entropy = -mp.log1p(-p) * (1 - p) / p - mp.log(p)

    def log_density(self, k):
        return k * mp.log1p(-self.p) + mp.log(self.p)

    def tails(self, k):
        return mirrored(of_log((k + 1) * mp.log1p(-self.p)))

    def guess(self, p, q):
        return np.floor(float(-np.log1p(-p) if p < 0.5 else -np.log(q)) / float(-mp.log1p(-self.p)))


class Table(Family):
    whole = True

    def __init__(self, call, masses):
        super().__init__(call)
        self.masses = [mp.mpf(p) for p in masses]
        has = [k for k, p in enumerate(self.masses) if p > 0]
        self.low, self.high = mp.mpf(has[0]), mp.mpf(has[-1])
        self.mean = sum(k * p for k, p in enumerate(self.masses))
        self.variance = sum(p * (k - self.mean) ** 2 for k, p in enumerate(self.masses))
        self.entropy = -sum(p * mp.log(p) for p in self.masses if p > 0)

    def log_density(self, k):
        p = self.masses[int(k)]
        return mp.log(p) if p > 0 else -INF

    def tails(self, k):
        return both(sum(self.masses[: int(k) + 1]), mp.mpf(sum(self.masses[int(k) + 1 :])))

    def points(self, rng):
        return range(len(self.masses))


class Mixture(Family):
    def __init__(self, weights, parts):
        super().__init__(f"mixture([{', '.join(map(text, weights))}], [{', '.join(part.call for part in parts)}])")
        self.weights, self.parts = [mp.mpf(w) for w in weights], parts
        self.whole, self.low = parts[0].whole, min(part.low for part in parts)
        self.high = max(part.high for part in parts)
        self.mean = self.sum(lambda part: part.mean)
        self.variance = self.sum(lambda part: part.variance + (part.mean - self.mean) ** 2)

    def sum(self, of):
        return sum(w * of(part) for w, part in zip(self.weights, self.parts))

    def log_density(self, x):
        inside = [(w, part) for w, part in zip(self.weights, self.parts) if part.low <= x <= part.high]
        return max_log([mp.log(w) + part.log_density(x) for w, part in inside])

    def tails(self, x):
        made = [part.tails(x) for part in self.parts]
        if None in made:
            return None
        log = lambda k: max_log([mp.log(w) + each[k] for w, each in zip(self.weights, made)])
        lower, upper = (sum(w * each[k] for w, each in zip(self.weights, made)) for k in (0, 1))
        logs = both(lower, upper)
        return lower, upper, logs[2] if lower > 0.5 else log(2), logs[3] if upper > 0.5 else log(3)

    def guess(self, p, q):
        self.turn = getattr(self, "turn", 0) + 1
        return self.parts[self.turn % len(self.parts)].guess(p, q)


def max_log(terms):
    peak = max(terms)
    return peak if peak == -INF else peak + mp.log(sum(exp(t - peak) for t in terms))


# Draws

def positive(rng, low=1e-6, high=1e6):
    return f32(np.exp(rng.uniform(np.log(low), np.log(high))))


def signed(rng, low=1e-6, high=1e6):
    return rng.choice([-1, 1]) * positive(rng, low, high)


# Half of the locations are of the scale's order, so that points between them tell of the density.
def located(rng):
    scale = positive(rng)
    near = rng.random() < 0.6
    return (f32(scale * signed(rng, 1e-3, 1e3)) if near else signed(rng)), scale


def probability(rng):
    p = f32(0.5 * np.exp(rng.uniform(np.log(2e-6), 0)))
    return p if rng.random() < 0.5 else f32(1 - p)


def truncated(rng):
    mean, std = located(rng)
    ends = sorted(
        f32(mean + std * signed(rng, 1e-2, 1e2)) if rng.random() < 0.7 else signed(rng) for _ in range(2)
    )
    open_end = rng.random()
    low, high = (-np.inf, ends[1]) if open_end < 0.15 else (ends[0], np.inf) if open_end < 0.3 else ends
    return truncated(rng) if low >= high else TruncatedNormal(mean, std, low, high)


def ends(rng):
    low, high = sorted([signed(rng), signed(rng)])
    return Uniform(low, high) if low < high else ends(rng)


def weights(rng, count):
    rest = [2.0 ** -rng.randint(2, 20) for _ in range(count - 1)]
    return [1 - sum(rest), *rest]


def mixed(rng):
    kind = rng.choice(["line", "half", "counts"])
    count = rng.randint(2, 3)
    if kind == "line":
        make = lambda: rng.choice([Normal, Laplace, Logistic])(signed(rng, 1e-2, 1e2), positive(rng, 1e-3, 1e3))
    elif kind == "half":
        make = lambda: rng.choice([lambda: Exponential(positive(rng)), lambda: Gamma(positive(rng, 1e-2, 1e3), positive(rng, 1e-3, 1e3))])()
    else:
        make = lambda: rng.choice([lambda: Poisson(positive(rng, 1e-3, 1e3)), lambda: Geometric(probability(rng))])()
    return Mixture(weights(rng, count), [make() for _ in range(count)])


def log_normal(rng):
    if rng.random() < 0.2:
        return LogNormal(signed(rng), positive(rng))
    return LogNormal(signed(rng, 1e-6, 80), positive(rng, 1e-6, 1e3))


def classes(rng):
    masses = weights(rng, rng.randint(2, 12))
    rng.shuffle(masses)
    if rng.random() < 0.3:
        masses.insert(rng.randint(0, len(masses)), 0)
    return Table(f"categorical([{', '.join(map(text, masses))}])", masses)


def coin(rng):
    p = probability(rng)
    return Table(f"bernoulli({text(p)})", [1 - mp.mpf(p), p])


FAMILIES = {
    "bernoulli": (30, coin),
    "beta": (26, lambda rng: Beta(positive(rng), positive(rng))),
    "binomial": (20, lambda rng: Binomial(round(positive(rng, 1, 1e6)), probability(rng))),
    "categorical": (12, classes),
    "cauchy": (16, lambda rng: Cauchy(*located(rng))),
    "chiSquared": (16, lambda rng: chi_squared(positive(rng))),
    "exponential": (12, lambda rng: Exponential(positive(rng))),
    "gamma": (24, lambda rng: Gamma(positive(rng), positive(rng))),
    "geometric": (16, lambda rng: Geometric(probability(rng))),
    "gumbel": (16, lambda rng: Gumbel(*located(rng))),
    "halfNormal": (12, lambda rng: HalfNormal(positive(rng))),
    "laplace": (16, lambda rng: Laplace(*located(rng))),
    "logNormal": (18, log_normal),
    "logistic": (16, lambda rng: Logistic(*located(rng))),
    "mixture": (24, mixed),
    "normal": (16, lambda rng: Normal(*located(rng))),
    "pareto": (28, lambda rng: Pareto(positive(rng), positive(rng))),
    "poisson": (20, lambda rng: Poisson(positive(rng))),
    "studentT": (26, lambda rng: StudentT(positive(rng), *located(rng))),
    "truncatedNormal": (28, truncated),
    "uniform": (16, ends),
    "vonMises": (20, lambda rng: VonMises(signed(rng) if rng.random() < 0.4 else signed(rng, 1e-6, 3.14), positive(rng))),
    "weibull": (20, lambda rng: Weibull(positive(rng), positive(rng))),
}


def levels(rng):
    tail = lambda: 10 ** rng.uniform(-15.5, -0.3)
    lower = [1e-15, *(tail() for _ in range(3)), 0.4, 1e-300]
    upper = [1e-15, *(tail() for _ in range(3)), 0.45, 1e-300]
    return [(p, 1 - p) for p in lower] + [(1 - q, q) for q in upper]


def points(one, rng):
    if hasattr(one, "points"):
        return [float(x) for x in one.points(rng)]
    found = []
    for p, q in levels(rng):
        x = one.guess(p, q)
        if x is None or not mp.isfinite(mp.mpf(x)) or not abs(x) < 1e39:
            continue
        x = f32(float(x))
        if one.whole:
            x = max(x, 0.0)
        normal = LEAST <= abs(x) <= MOST or (x == 0 and one.whole)
        inside = one.low <= x <= one.high if one.whole else one.low < x < one.high
        if normal and inside and x not in found:
            found.append(x)
    # Where quantiles are beyond f32, points of all its sizes.
    while len(found) < 4 and not one.whole and one.low <= 0 and one.high == INF:
        found.append(positive(rng, 1e-37, 1e38))
    return found


# Two anywhere, far out mostly, where logarithms of tails count, or near 0, where a quantile has lost what a location has cancelled.
def far_points(one):
    if one.whole:
        return []
    rng = random.Random(one.call)
    return [x for x in (signed(rng, 1e-37, 1e38), positive(rng, 1e-37, 1e38)) if one.low < x < one.high]


# icdf(p) of a p that is not quite cdf(x): Newton's steps in the logarithm of the smaller tail.
def quantile(one, x, p):
    p, t = mp.mpf(p), mp.mpf(x)
    target = mp.log(min(p, 1 - p))
    for _ in range(6):
        made = one.tails(t)
        if made is None:
            return None
        log, sign = (made[2], 1) if p < 0.5 else (made[3], -1)
        step = sign * (target - log) * mp.exp(log - one.log_density(t))
        t += step
        if not one.low < t < one.high:
            return None
        if abs(step) < abs(t) * mp.mpf(10) ** -19:
            return t
    return None


def lines(one, rng):
    """A distribution's line, and one of each of its points."""
    yield f"{one.call} | {text(one.mean)} {text(one.variance)} {text(one.entropy)}"
    near = points(one, rng)
    for n, x in enumerate([*near, *far_points(one)]):
        at = mp.mpf(x)
        made = one.tails(at)
        if made is None:
            continue
        lower, upper, log_lower, log_upper = made
        if one.whole:
            mass = exp(one.log_density(at))
            p = float(lower - mass / 2)
            # Only where the step is wide enough for p to be on it
            icdf = x if mass > 1e-14 * min(lower, upper + mass) and mass > 0 and p > 1e-300 and 1 - p > 1e-12 and mass > 1e-15 * lower else None
        else:
            p = float(lower)
            told = n < len(near) and 1e-305 < p < 1 and 1 - mp.mpf(p) > 1e-15
            icdf = quantile(one, x, p) if told else None
        values = [x, one.log_density(at), lower, upper, log_lower, log_upper, *((p, icdf) if icdf is not None else (None, None))]
        yield " ".join(map(text, values))


def family_lines(name, count, draw):
    rng = random.Random(f"{name} 20261130")
    for _ in range(count):
        yield from lines(draw(rng), rng)


def main():
    for name in sys.argv[1:] or list(FAMILIES):
        for line in family_lines(name, *FAMILIES[name]):
            print(line, flush=True)


if __name__ == "__main__":
    main()
