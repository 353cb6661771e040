from functools import cached_property

import mpmath as mp
import numpy as np
from functions import Binomial, Family, Geometric, Poisson, beta_tails, both, positive, probability, text
from scipy import special, stats

COUNT = 18


class NegativeBinomial(Family):
    whole, low = True, mp.mpf(0)

    def __init__(self, n, p):
        super().__init__(f"negativeBinomial({text(n)}, {text(p)})")
        n, p = self.n, self.p = mp.mpf(n), mp.mpf(p)
        self.mean = n * (1 - p) / p
        self.variance = self.mean / p

    # -n log p - E[K] log(1 - p) + log Γ(n) + E[log K! - log Γ(n + K)], the last two by Malmsten's integral of log Γ, in which E[exp(-K s)] is the
    # generating function: over log s, in pieces.
    @cached_property
    def entropy(self):
        n, p = self.n, self.p

        def of(t):
            s = mp.exp(t)
            near = -mp.expm1(-s)
            mean = mp.exp(-n * mp.log1p((1 - p) * near / p))
            return mp.exp(-s) * (n - 1 + mp.expm1(-(n - 1) * s) * mean / near)

        with mp.workdps(35):
            first = -50 - mp.log(max(n, 1) * max(self.mean, 1) / p)
            steps = [first + (mp.log(100 / min(n, 1)) - first) * k / 70 for k in range(71)]
            integral = mp.quad(of, steps, method="gauss-legendre", maxdegree=5)
            return -n * mp.log(p) - self.mean * mp.log1p(-p) + mp.loggamma(n) - integral

    def log_density(self, k):
        n, p = self.n, self.p
        return mp.loggamma(n + k) - mp.loggamma(n) - mp.loggamma(k + 1) + n * mp.log(p) + k * mp.log1p(-p)

    def tails(self, k):
        made = beta_tails(self.n, k + 1, self.p, 1 - self.p)
        return made and both(*made)

    # Of the gamma distribution of the rate
    def guess(self, p, q):
        n, r = float(self.n), float(self.p / (1 - self.p))
        x = special.gammaincinv(n, p) if p < 0.5 else special.gammainccinv(n, q)
        return np.round(x / r)


def draw(rng):
    return NegativeBinomial(positive(rng), probability(rng))


def scipy(one):
    return stats.nbinom(float(one.n), float(one.p))


CLOSED = [
    (NegativeBinomial(2.5, 0.25), NegativeBinomial(2.5, 0.5)),
    (NegativeBinomial(2.5, 0.5), NegativeBinomial(2.5, 0.25)),
    (NegativeBinomial(0.25, 0.5), NegativeBinomial(0.25, 0.5 + 2**-20)),
    (NegativeBinomial(7, 0.5), Geometric(0.25)),
    (NegativeBinomial(0.25, 0.25), Geometric(0.5)),
    (Binomial(5, 0.25), NegativeBinomial(3, 0.75)),
    (Poisson(2), NegativeBinomial(1, 0.5)),
]
OPEN = [
    (NegativeBinomial(2.5, 0.5), NegativeBinomial(4, 0.75)),
    (NegativeBinomial(0.5, 0.25), NegativeBinomial(3, 0.25)),
    (Poisson(3), NegativeBinomial(0.25, 0.125)),
    (NegativeBinomial(3, 0.5), Poisson(2.5)),
]
