import mpmath as mp
import numpy as np
from functions import f32, text

VECTORS = True
COUNT = 16
CLOSED = []
OPEN = []


class GumbelSoftmax:
    """Moments are integrals over the differences of Gumbel variates, whose density is closed: in 40 digits for two classes, by the
    trapezoidal rule in 64 bits of mantissa for three at temperatures of 1/4 and more; else by Laplace transforms in 25 digits."""

    def __init__(self, temperature, logits):
        self.call = f"gumbelSoftmax({text(temperature)}, {{ logits: [{', '.join(text(l) for l in logits)}] }})"
        self.t, self.l = mp.mpf(temperature), [mp.mpf(l) for l in logits]
        self.k = len(logits)
        total = mp.log(mp.fsum(mp.exp(l) for l in self.l))
        self.l = [l - total for l in self.l]
        way = self.of_two if self.k == 2 else self.by_differences if self.k == 3 and temperature >= 0.25 else self.by_transforms
        self.mean, self.variance, logs = way()
        k = self.k
        self.entropy = mp.fsum(logs) + k * (mp.digamma(k) + mp.euler) - mp.loggamma(k) - (k - 1) * mp.log(self.t)

    def log_density(self, x):
        logs = [mp.log(one) for one in x]
        u = [l - self.t * log for l, log in zip(self.l, logs)]
        peak = max(u)
        total = peak + mp.log(mp.fsum(mp.exp(one - peak) for one in u))
        k = self.k
        return mp.loggamma(k) + (k - 1) * mp.log(self.t) - mp.fsum(logs) + mp.fsum(one - total for one in u)

    def points(self, rng):
        """Draws, and shares of any size."""
        for k in range(8):
            if k < 6:
                g = [-mp.log(-mp.log1p(-mp.mpf(rng.random()))) for _ in self.l]
                logs = [(l + one) / self.t for l, one in zip(self.l, g)]
            else:
                logs = [mp.mpf(rng.uniform(-4, 0) if k == 6 else rng.uniform(-60, 0)) for _ in self.l]
            peak = max(logs)
            sizes = [mp.exp(max(one - peak, -85)) for one in logs]
            yield [f32(one / mp.fsum(sizes)) for one in sizes]

    def of_two(self):
        mp.mp.dps = 40
        m = self.l[0] - self.l[1]
        marks = sorted({-m + s * w * min(self.t, 1) for s in (-1, 1) for w in (0, 1, 4, 16, 40, 100)} | {-90, -m - 30, -8, 0, 8, -m + 30, 90})
        marks = [x for x in marks if -90 <= x <= 90]

        def over(f):
            return mp.quad(lambda x: f((x + m) / self.t) / (2 + 2 * mp.cosh(x)), marks)

        share = lambda z: 1 / (1 + mp.exp(-z))
        log = lambda z: -mp.log1p(mp.exp(-z)) if z > 0 else z - mp.log1p(mp.exp(z))
        mean = [over(share), over(lambda z: share(-z))]
        variance = over(lambda z: (share(z) - mean[0]) ** 2)
        logs = [over(log), over(lambda z: log(-z))]
        mp.mp.dps = 50
        return mean, [variance, variance], logs

    def by_differences(self):
        long = np.longdouble
        # Kinks of softmax / t are as wide as t.
        h = long(min(1, float(self.t))) / 5
        n = int(50 / h)
        line = np.arange(-n, n + 1) * h
        d = np.meshgrid(*[line] * (self.k - 1), indexing="ij", sparse=True)
        peak = np.maximum.reduce(np.broadcast_arrays(*[-one for one in d], long(0)))
        total = sum(np.exp(-one - peak) for one in d) + np.exp(-peak)
        weight = np.exp(-sum(d) - self.k * (peak + np.log(total)))
        weight /= weight.sum()
        l = [long(mp.nstr(one, 30)) for one in self.l]
        t = long(mp.nstr(self.t, 30))
        z = [np.broadcast_to((a + one) / t, weight.shape) for a, one in zip(l, [*d, np.zeros_like(d[0])])]
        top = np.maximum.reduce(z)
        log_sum = top + np.log(sum(np.exp(one - top) for one in z))
        logs = [one - log_sum for one in z]
        mean = [(weight * np.exp(one)).sum() for one in logs]
        variance = [(weight * (np.exp(one) - m) ** 2).sum() for one, m in zip(logs, mean)]
        as_mp = lambda values: [mp.mpf(np.format_float_positional(v, unique=False, precision=60)) for v in values]
        return as_mp(mean), as_mp(variance), as_mp([(weight * one).sum() for one in logs])

    def by_transforms(self):
        mp.mp.dps = 25
        cold = self.t < 1
        slope, noise, h = (self.t, self.t, mp.mpf(3) / 20) if cold else (1, 1 / self.t, mp.mpf(3) / 20)
        places = self.l if cold else [l / self.t for l in self.l]
        g = [mp.mpf(-4.5) + i * h for i in range(int(75 / h))]
        nodes = [(h * mp.exp(-x - mp.exp(-x)), mp.exp(noise * x)) for x in g]
        mean, square, place = [mp.mpf(0)] * self.k, [mp.mpf(0)] * self.k, mp.mpf(0)
        x = mp.mpf(8)
        while x > -60:
            at = []
            for l in places:
                size, sums = mp.exp(x + l), [mp.mpf(0)] * 3
                for weight, growth in nodes:
                    u = size * growth
                    if u > 60:
                        break
                    w = weight * mp.exp(-u)
                    sums[0] += w
                    sums[1] += w * u
                    sums[2] += w * u * (slope * u + 1 - slope)
                at.append(sums)
            all = mp.fprod(value for value, _, _ in at)
            for k, (value, first, second) in enumerate(at):
                if all > 0:
                    mean[k] += h * all * first / value
                    square[k] += h * all * second / value
                    place -= h * x * all * first / value
            x -= h
        log_sum = place - slope * mp.euler
        logs = [(p + (1 if cold else 1 / self.t) * mp.euler - log_sum) / slope for p in places]
        mp.mp.dps = 50
        return mean, [s - m**2 for s, m in zip(square, mean)], logs


def draw(rng):
    classes = rng.choice([2, 2, 2, 3, 3, 4])
    lowest, highest = (-2, 2) if classes == 4 else (-6, 6)
    spread = rng.choice([1, 4, 30])
    return GumbelSoftmax(f32(10 ** rng.uniform(lowest, highest)), [f32(rng.uniform(-spread, spread)) for _ in range(classes)])


def scipy(one):
    return None
