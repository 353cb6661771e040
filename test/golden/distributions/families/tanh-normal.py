import mpmath as mp
from functions import Beta, Cauchy, Family, Laplace, Normal, TruncatedNormal, Uniform, log_phi, normal_tails, positive, signed, text

COUNT = 40


class TanhNormal(Family):
    low, high = mp.mpf(-1), mp.mpf(1)

    def __init__(self, mean, std):
        super().__init__(f"tanhNormal({text(mean)}, {text(std)})")
        self.m, self.s = mp.mpf(mean), mp.mpf(std)
        # The distance from the end on the mean's side, which may be less than any number of digits tells of tanh itself
        sign = 1 if mean >= 0 else -1
        gap, square, bend = self.expected(sign)
        self.mean = sign * (1 - gap)
        self.variance = square - gap**2
        self.entropy = Normal.of_one[2] + mp.log(self.s) - 2 * bend

    def expected(self, sign):
        """Means of 1 - tanh z, its square and log cosh z, by Gauss and Legendre's rule of 48 points between points that follow the normal's width and
        tanh's bend: mp.quad itself would stop where what is left is small, however small the integral."""
        steps = [self.m + self.s * k for k in range(-60, 61)]
        nodes = sorted({*steps, *(mp.mpf(k) for k in range(-70, 71) if steps[0] < k < steps[-1])})
        sums = [mp.mpf(0)] * 3
        for a, b in zip(nodes, nodes[1:]):
            for point, weight in RULE:
                z = (a + b + (b - a) * point) / 2
                density = weight * (b - a) / 2 * mp.exp(log_phi((z - self.m) / self.s)) / self.s
                gap = 2 / (1 + mp.exp(2 * sign * z))
                log_cosh = abs(z) + mp.log1p(mp.exp(-2 * abs(z))) - mp.log(2)
                sums = [total + density * f for total, f in zip(sums, (gap, gap**2, log_cosh))]
        return sums

    def z(self, x):
        return (mp.atanh(mp.mpf(x)) - self.m) / self.s

    def log_density(self, x):
        if abs(x) == 1:
            return -mp.inf
        return log_phi(self.z(x)) - mp.log(self.s) - mp.log1p(-mp.mpf(x) ** 2)

    def tails(self, x):
        if abs(x) == 1:
            return (mp.mpf(1), mp.mpf(0), mp.mpf(0), -mp.inf) if x > 0 else (mp.mpf(0), mp.mpf(1), -mp.inf, mp.mpf(0))
        return normal_tails(self.z(x))

    def guess(self, p, q):
        return mp.tanh(self.m + self.s * mp.mpf(float(Normal.guess_one(p, q))))


RULE = mp.calculus.quadrature.GaussLegendre(mp.mp).calc_nodes(4, 200)


def draw(rng):
    if rng.random() < 0.15:
        return TanhNormal(signed(rng), positive(rng))
    return TanhNormal(signed(rng, 1e-6, 12), positive(rng, 1e-6, 50))


def scipy(one):
    return None


CLOSED = [
    (TanhNormal(0.25, 0.5), TanhNormal(-0.5, 0.75)),
    (TanhNormal(4, 0.5), TanhNormal(4, 0.5 + 2**-20)),
    (TanhNormal(0.25, 0.75), Uniform(-1, 1)),
    (TanhNormal(0.25, 0.75), Normal(0.5, 0.5)),
    (TanhNormal(-0.75, 0.5), TruncatedNormal(0.5, 1, -2, 1)),
    (TanhNormal(0.25, 0.75), Beta(2, 3), "infinite"),
    (Normal(0, 0.5), TanhNormal(0.25, 0.75), "infinite"),
]
OPEN = [
    (Beta(2, 3), TanhNormal(0.5, 1)),
    (Uniform(-0.5, 0.25), TanhNormal(0.25, 0.5)),
    (TanhNormal(0.25, 0.75), Cauchy(0.5, 0.5)),
    (TanhNormal(0.25, 0.75), Laplace(0.5, 0.5)),
]
