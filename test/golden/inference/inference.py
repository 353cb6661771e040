# Golden values of linear-Gaussian models: python3 test/golden/inference/inference.py > test/golden/inference/inference.ts
# Everything is made in 50 digits by mpmath, by other formulas than the library's: log p(x) from the covariance of x, the posterior from
# the precision, the ELBO from its three expectations.
import random

from mpmath import cholesky, diag, eye, log, lu_solve, matrix, mp, mpf, pi

mp.dps = 50


def log_normal(x, mean, covariance):
    d = x - mean
    n = len(d)
    logdet = 2 * sum(log(cholesky(covariance)[i, i]) for i in range(n))
    return -((d.T * lu_solve(covariance, d))[0] + logdet + n * log(2 * pi)) / 2


def logdet(a):
    c = cholesky(a)
    return 2 * sum(log(c[i, i]) for i in range(a.rows))


def kl(m0, s0, m1, s1):
    d = m1 - m0
    inverse = s1**-1
    trace = sum((inverse * s0)[i, i] for i in range(len(d)))
    return (trace + (d.T * inverse * d)[0] - len(d) + logdet(s1) - logdet(s0)) / 2


def lower(rng, n, scale):
    return [[round(scale * (rng.uniform(0.5, 1.5) if i == j else rng.uniform(-0.5, 0.5) if j < i else 0), 3) for j in range(n)] for i in range(n)]


def numbers(rng, n, size):
    return [round(rng.uniform(-size, size), 3) for _ in range(n)]


def case(seed, d, m, noise_size):
    rng = random.Random(seed + 41)
    W = [numbers(rng, d, 2) for _ in range(m)]
    b, x, mean, q_mean = numbers(rng, m, 1), numbers(rng, m, 3), numbers(rng, d, 1), numbers(rng, d, 1)
    noise = [float(f"{noise_size * rng.uniform(0.5, 1.5):.3g}") for _ in range(m)]
    L, Q = lower(rng, d, 1), lower(rng, d, 0.6)
    exact = lambda rows: matrix([[mpf(v) for v in row] for row in rows])
    column = lambda row: matrix([mpf(v) for v in row])
    Wm, prior, q = exact(W), exact(L) * exact(L).T, exact(Q) * exact(Q).T
    D = diag([mpf(s) ** 2 for s in noise])
    evidence = log_normal(column(x), Wm * column(mean) + column(b), Wm * prior * Wm.T + D)
    precision = prior**-1 + Wm.T * D**-1 * Wm
    posterior = precision**-1
    posterior_mean = posterior * (prior**-1 * column(mean) + Wm.T * D**-1 * (column(x) - column(b)))
    off = column(x) - column(b) - Wm * column(q_mean)
    spread = Wm * q * Wm.T
    reconstruction = -sum(((off[i] ** 2 + spread[i, i]) / D[i, i] + log(D[i, i]) + log(2 * pi)) / 2 for i in range(m))
    f = lambda value: float(value)
    return {
        "seed": seed,
        "weights": W,
        "bias": b,
        "noise": noise,
        "observation": x,
        "priorMean": mean,
        "priorScale": L,
        "qMean": q_mean,
        "qScale": Q,
        "logEvidence": f(evidence),
        "posteriorMean": [f(v) for v in posterior_mean],
        "posteriorCovariance": [[f(posterior[i, j]) for j in range(d)] for i in range(d)],
        "reconstruction": f(reconstruction),
        "kl": f(kl(column(q_mean), q, column(mean), prior)),
        "klPosterior": f(kl(column(q_mean), q, posterior_mean, posterior)),
    }


print("// Linear-Gaussian models in 50 digits: python3 test/golden/inference/inference.py > test/golden/inference/inference.ts && npx biome format --write")
print("// test/golden/inference/inference.ts (mpmath 1.3.0).")
print()
print("export const linearGaussians = [")
for seed, (d, m, noise) in enumerate([(1, 1, 0.5), (1, 4, 1), (2, 1, 0.7), (2, 3, 1), (3, 5, 0.3), (5, 2, 0.5), (3, 40, 1), (2, 3, 1e-4)]):
    print(f"  {case(seed, d, m, noise)!r},".replace("'", ""))
print("];")
