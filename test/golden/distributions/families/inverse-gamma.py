import mpmath as mp
from functions import Exponential, Family, Gamma, LogNormal, Normal, Pareto, Uniform, Weibull, both, gamma_tails, positive, special, text
from scipy import stats

COUNT = 16


class InverseGamma(Family):
    low = mp.mpf(0)

    def __init__(self, concentration, scale):
        super().__init__(f"inverseGamma({text(concentration)}, {text(scale)})")
        c, s = self.c, self.s = mp.mpf(concentration), mp.mpf(scale)
        self.mean = s / (c - 1) if c > 1 else mp.inf
        self.variance = (s / (c - 1)) ** 2 / (c - 2) if c > 2 else mp.inf
        self.entropy = c + mp.log(s) + mp.loggamma(c) - (1 + c) * mp.digamma(c)

    def log_density(self, x):
        return self.c * mp.log(self.s) - (self.c + 1) * mp.log(x) - self.s / x - mp.loggamma(self.c)

    def tails(self, x):
        made = gamma_tails(self.c, self.s / mp.mpf(x))
        return made and both(made[1], made[0])

    def guess(self, p, q):
        c = float(self.c)
        y = special.gammainccinv(c, p) if p < 0.5 else special.gammaincinv(c, q)
        return self.s / mp.mpf(float(y)) if y > 0 else mp.inf


def draw(rng):
    return InverseGamma(positive(rng), positive(rng))


def scipy(one):
    return stats.invgamma(float(one.c), scale=float(one.s))


CLOSED = [
    (InverseGamma(2.5, 1.5), InverseGamma(4, 2)),
    (InverseGamma(3, 2), InverseGamma(3, 2 + 2**-20)),
    (InverseGamma(0.5, 2), InverseGamma(1.5, 0.75)),
    (InverseGamma(2.5, 1.5), LogNormal(0.25, 1.5)),
    (InverseGamma(2.5, 1.5), Exponential(2)),
    (InverseGamma(2.5, 1.5), Gamma(2, 3)),
    (InverseGamma(2.5, 1.5), Normal(0, 3)),
    (LogNormal(0.25, 0.5), InverseGamma(2.5, 1.5)),
    (Gamma(3, 2), InverseGamma(2.5, 1.5)),
    (Weibull(1, 3), InverseGamma(2.5, 1.5)),
    (Pareto(0.5, 2), InverseGamma(2.5, 1.5)),
    (InverseGamma(0.5, 2), Exponential(2), "infinite"),
    (Exponential(2), InverseGamma(2.5, 1.5), "infinite"),
]
OPEN = []
