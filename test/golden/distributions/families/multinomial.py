import itertools

import mpmath as mp
from functions import positive, text
from scipy import stats

VECTORS = True
COUNT = 24


class Multinomial:
    """Of probabilities that add up to 1 in f64 exactly, but for those that do not count there."""

    def __init__(self, count, probabilities):
        total = sum(probabilities)
        shares = [p / total if p / total < 1e-18 else round(p / total * 2**52) / 2**52 for p in probabilities]
        most = shares.index(max(shares))
        shares[most] = 1 - sum(p for k, p in enumerate(shares) if k != most and p >= 1e-18)
        self.call = f"multinomial({count}, [{', '.join(text(p) for p in shares)}])"
        self.n, self.p = count, [mp.mpf(p) for p in shares]
        self.rests = [mp.fsum(self.p[:k] + self.p[k + 1 :]) for k in range(len(shares))]
        self.mean = [count * p for p in self.p]
        self.variance = [count * p * r for p, r in zip(self.p, self.rests)]
        self.entropy = self.of_parts()

    def log_density(self, x):
        if sum(x) != self.n or any(k > 0 and p == 0 for k, p in zip(x, self.p)):
            return -mp.inf
        terms = [k * mp.log(p) - mp.loggamma(mp.mpf(k) + 1) for k, p in zip(x, self.p) if p > 0]
        return mp.loggamma(mp.mpf(self.n) + 1) + mp.fsum(terms)

    def of_parts(self):
        """-log n! - n sum p log p + sum of E log x!, each over a binomial count."""
        n, total = self.n, -mp.loggamma(mp.mpf(self.n) + 1)
        for p, rest in zip(self.p, self.rests):
            if p == 0:
                continue
            total -= n * p * mp.log(p)
            if rest == 0:
                total += mp.loggamma(mp.mpf(n) + 1)
                continue
            middle, terms = int(n * p), []
            for step, k in ((1, middle), (-1, middle - 1)):
                mass = mp.exp(mp.log(mp.binomial(n, k)) + k * mp.log(p) + (n - k) * mp.log(rest)) if 0 <= k <= n else 0
                log = mp.loggamma(mp.mpf(k) + 1) if k >= 0 else 0
                while 0 <= k <= n and (mass > mp.mpf(10) ** -45 or abs(k - middle) < 3):
                    terms.append(mass * log)
                    if step > 0:
                        mass *= (n - k) * p / ((k + 1) * rest)
                        log += mp.log(k + 1)
                    else:
                        mass *= k * rest / ((n - k + 1) * p)
                        log -= mp.log(k) if k > 0 else 0
                    k += step
            total += mp.fsum(terms)
        return total

    def points(self, rng):
        found = [[self.n if k == j else 0 for k in range(len(self.p))] for j in range(2)]
        for _ in range(6):
            left, mass, x = self.n, mp.mpf(1), []
            for p in self.p[:-1]:
                drawn = stats.binom.ppf(10 ** rng.uniform(-9, 0), left, float(min(1, p / mass))) if mass > 0 and left > 0 else 0
                x.append(int(drawn))
                left, mass = left - x[-1], mass - p
            found.append([*x, left] if self.p[-1] > 0 or left == 0 else [x[0] + left, *x[1:], 0])
        found.append([self.n + 1, *([0] * (len(self.p) - 1))])
        return found

    def total(self, f):
        """Over all values, of a small count."""
        size = len(self.p)
        bars = itertools.combinations(range(self.n + size - 1), size - 1)
        ends = ([-1, *chosen, self.n + size - 1] for chosen in bars)
        return mp.fsum(f([b - a - 1 for a, b in zip(end, end[1:])]) for end in ends)


def draw(rng):
    count = rng.choice([0, 1, 2, 5, 12, 40, 333, 5000, 80_000, 1_000_000])
    size = rng.choice([1, 2, 3, 4, 6])
    shares = [positive(rng) if rng.random() < 0.6 else rng.random() for _ in range(size)]
    if size > 2 and rng.random() < 0.2:
        shares[rng.randrange(size)] = 0.0
    return Multinomial(count, shares)


def scipy(one):
    return stats.multinomial(one.n, [float(p) for p in one.p]) if 0 < one.n < 10_000 and len(one.p) > 1 else None


CLOSED = [
    (Multinomial(7, [0.2, 0.5, 0.3]), Multinomial(7, [0.25, 0.25, 0.5])),
    (Multinomial(9, [0.25, 0.25, 0.5]), Multinomial(9, [0.25, 0.25 + 2**-20, 0.5 - 2**-20])),
    (Multinomial(12, [0.125, 0, 0.875]), Multinomial(12, [0.25, 0.5, 0.25])),
    (Multinomial(5, [0.25, 0.5, 0.25]), Multinomial(5, [0.5, 0, 0.5]), "infinite"),
]
OPEN = []
