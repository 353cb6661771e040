import mpmath as mp
from functions import Cauchy, Exponential, Family, LogNormal, Normal, StudentT, Uniform, Weibull, Gamma, mirrored, of_value, positive, text
from scipy import stats

COUNT = 16


class HalfCauchy(Family):
    low = mp.mpf(0)

    def __init__(self, scale):
        super().__init__(f"halfCauchy({text(scale)})")
        self.s = mp.mpf(scale)
        self.mean = self.variance = mp.inf
        self.entropy = mp.log(2 * mp.pi * self.s)

    def log_density(self, x):
        return -mp.log1p((mp.mpf(x) / self.s) ** 2) + mp.log(2 / (mp.pi * self.s))

    def tails(self, x):
        r = mp.mpf(x) / self.s
        return of_value(2 / mp.pi * mp.atan(r)) if r < 1 else mirrored(of_value(2 / mp.pi * mp.atan(1 / r)))

    def guess(self, p, q):
        return self.s * mp.tan(mp.pi / 2 * p) if p < 0.5 else self.s / mp.tan(mp.pi / 2 * q)


def draw(rng):
    return HalfCauchy(positive(rng))


def scipy(one):
    return stats.halfcauchy(scale=float(one.s))


CLOSED = [
    (HalfCauchy(1.5), HalfCauchy(4)),
    (HalfCauchy(2), HalfCauchy(2 + 2**-20)),
    (HalfCauchy(2), Cauchy(0, 0.5)),
    (HalfCauchy(2), StudentT(3, 0, 1.5)),
    (HalfCauchy(0.5), LogNormal(0.25, 1.5)),
    (HalfCauchy(0.5), Weibull(2, 0.75)),
    (HalfCauchy(2), Weibull(2, 1.5), "infinite"),
    (HalfCauchy(2), Gamma(2, 3), "infinite"),
    (HalfCauchy(2), Normal(0, 3), "infinite"),
    (Cauchy(0, 2), HalfCauchy(1), "infinite"),
    (Uniform(0.5, 4), HalfCauchy(1.5)),
]
OPEN = [
    (HalfCauchy(2), Cauchy(1, 0.5)),
    (Exponential(2), HalfCauchy(0.75)),
    (LogNormal(0.25, 1.5), HalfCauchy(0.75)),
]
