import mpmath as mp
from functions import Beta, Exponential, Family, Gamma, LogNormal, Normal, Uniform, Weibull, exp, mirrored, of_log, positive, text

COUNT = 16


class Kumaraswamy(Family):
    low, high = mp.mpf(0), mp.mpf(1)

    def __init__(self, a, b):
        super().__init__(f"kumaraswamy({text(a)}, {text(b)})")
        a, b = self.a, self.b = mp.mpf(a), mp.mpf(b)
        # Of the logarithms of gamma functions up to 8 digits are before the point, and up to 24 cancel in a variance.
        with mp.workdps(90):
            mean = mp.exp(mp.log(b) + self.log_beta(1 + 1 / a))
            self.variance = mp.exp(mp.log(b) + self.log_beta(1 + 2 / a)) - mean**2
            self.mean = mean
            harmonic = mp.digamma(1 + b) + mp.euler
        self.entropy = 1 - 1 / b + (1 - 1 / a) * harmonic - mp.log(a * b)

    def log_beta(self, k):
        return mp.loggamma(k) + mp.loggamma(self.b) - mp.loggamma(k + self.b)

    # log(1 - x^a)
    def log_rest(self, x):
        log = self.a * mp.log(x)
        return mp.log1p(-exp(log)) if log < -1 else mp.log(-mp.expm1(log))

    def log_density(self, x):
        x = mp.mpf(x)
        # Sums at an end have no limit there, but quadratures have its neighbours.
        if x == 0 or x == 1:
            return -mp.inf
        return mp.log(self.a * self.b) + (self.a - 1) * mp.log(x) + (self.b - 1) * self.log_rest(x)

    def tails(self, x):
        return mirrored(of_log(self.b * self.log_rest(mp.mpf(x))))

    def guess(self, p, q):
        log = mp.log1p(-mp.mpf(p)) if p < 0.5 else mp.log(mp.mpf(q))
        return mp.exp(mp.log(-mp.expm1(log / self.b)) / self.a)


def draw(rng):
    return Kumaraswamy(positive(rng), positive(rng))


# SciPy has none.
def scipy(one):
    return None


CLOSED = [
    (Kumaraswamy(2, 3), Kumaraswamy(2, 0.5)),
    (Kumaraswamy(2, 3), Kumaraswamy(2, 3 + 2**-20)),
    (Kumaraswamy(2, 3), Kumaraswamy(0.5, 1)),
    (Kumaraswamy(2, 1), Kumaraswamy(0.5, 3)),
    (Kumaraswamy(2, 1), Kumaraswamy(2 + 2**-20, 1 - 2**-20)),
    (Kumaraswamy(2, 1 + 2**-20), Kumaraswamy(2 + 2**-20, 1)),
    (Kumaraswamy(2, 1), Beta(3, 2.5)),
    (Kumaraswamy(1, 3), Beta(3, 2.5)),
    (Kumaraswamy(2, 3), Beta(3, 1)),
    (Kumaraswamy(2, 3), Uniform(0, 1)),
    (Kumaraswamy(2, 3), Normal(0.5, 1.5)),
    (Kumaraswamy(2, 3), Gamma(2, 3)),
    (Kumaraswamy(2, 3), Weibull(1.5, 2)),
    (Kumaraswamy(2, 3), LogNormal(0.25, 1.5)),
    (Beta(2, 3.5), Kumaraswamy(1, 3)),
    (Beta(2, 3.5), Kumaraswamy(0.5, 1)),
    (Uniform(0.25, 0.75), Kumaraswamy(1, 3)),
    (Exponential(1), Kumaraswamy(2, 3), "infinite"),
]
OPEN = [
    (Kumaraswamy(2, 3), Kumaraswamy(3, 2)),
    (Kumaraswamy(2, 3), Beta(3, 2.5)),
    (Beta(2, 3.5), Kumaraswamy(2, 3)),
]
