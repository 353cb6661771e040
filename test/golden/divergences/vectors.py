"""Divergences of vectors and counts from their definitions with 30 digits: prints divergences-vectors.ts.

python3 test/golden/divergences/vectors.py > test/golden/divergences/vectors.ts   (mpmath 1.3)
"""
from mpmath import mp, mpf, matrix, det, log, exp, sqrt, digamma, loggamma, binomial, factorial, fsum, power

mp.dps = 40

def show(x):
    return repr(float(x))

def mat(rows):
    return matrix([[mpf(v) for v in row] for row in rows])

def gaussians(mp_, sp, mq, sq, alpha):
    n = len(mp_)
    S, T = mat(sp), mat(sq)
    d = matrix([mpf(a) - mpf(b) for a, b in zip(mp_, mq)])
    inv = T ** -1
    kl = (fsum((inv * S)[i, i] for i in range(n)) + (d.T * inv * d)[0] - n + log(det(T) / det(S))) / 2
    joint = (1 - mpf(alpha)) * S + mpf(alpha) * T
    renyi = mpf(alpha) / 2 * (d.T * joint ** -1 * d)[0] + log(det(joint) / (det(S) ** (1 - mpf(alpha)) * det(T) ** mpf(alpha))) / 2 / (1 - mpf(alpha))
    half = (S + T) / 2
    affinity = (det(S) * det(T)) ** mpf("0.25") / sqrt(det(half)) * exp(-(d.T * half ** -1 * d)[0] / 8)
    return kl, renyi, sqrt(1 - affinity)

def dirichlets(a, b, alpha):
    a, b, alpha = [mpf(v) for v in a], [mpf(v) for v in b], mpf(alpha)
    volume = lambda c: fsum(loggamma(v) for v in c) - loggamma(fsum(c))
    kl = volume(b) - volume(a) + fsum((x - y) * (digamma(x) - digamma(fsum(a))) for x, y in zip(a, b))
    joint = [alpha * x + (1 - alpha) * y for x, y in zip(a, b)]
    return kl, (volume(joint) - alpha * volume(a) - (1 - alpha) * volume(b)) / (alpha - 1)

def sums(p, q, alpha):
    alpha = mpf(alpha)
    kl = fsum(a * log(a / b) for a, b in zip(p, q) if a > 0)
    m = [(a + b) / 2 for a, b in zip(p, q)]
    js = (fsum(a * log(a / c) for a, c in zip(p, m) if a > 0) + fsum(b * log(b / c) for b, c in zip(q, m) if b > 0)) / 2
    tv = fsum(abs(a - b) for a, b in zip(p, q)) / 2
    h = sqrt(1 - fsum(sqrt(a * b) for a, b in zip(p, q)))
    renyi = log(fsum(power(a, alpha) * power(b, 1 - alpha) for a, b in zip(p, q) if a > 0)) / (alpha - 1)
    return kl, js, tv, h, renyi

def bin_(n, p):
    p = mpf(p)
    return [binomial(n, k) * p ** k * (1 - p) ** (n - k) for k in range(n + 1)]

def poi(r, count=120):
    r = mpf(r)
    return [exp(-r) * r ** k / factorial(k) for k in range(count)]

A = ([0.5, -1.0, 0.25], [[2.0, 0.5, -0.25], [0.5, 1.0, 0.125], [-0.25, 0.125, 0.75]])
B = ([0.0, -0.5, 1.0], [[1.0, -0.25, 0.5], [-0.25, 1.5, 0.0], [0.5, 0.0, 2.0]])

print("// Made by `python3 test/golden/divergences/vectors.py`: definitions with 40 digits (mpmath 1.3).\n")
print("/** Of normal distributions of vectors: KL(a || b), KL(b || a), Rényi's of order 0.3 of (a, b), Hellinger's distance. */")
kl, renyi, h = gaussians(*A, *B, 0.3)
print("export const GAUSSIANS = {")
print(f"  a: {{ mean: {A[0]}, covariance: {A[1]} }},")
print(f"  b: {{ mean: {B[0]}, covariance: {B[1]} }},")
print(f"  forward: {show(kl)},\n  reverse: {show(gaussians(*B, *A, 0.3)[0])},\n  renyi: {show(renyi)},\n  hellinger: {show(h)},\n}};\n")
near = [[2.0, 0.5, -0.25], [0.5, 1.0, 0.125], [-0.25, 0.125, 0.75 + 2.0 ** -28]]
print("/** KL(a || c), c being a with another last mean and variance. */")
kl, _, _ = gaussians(*A, [0.5, -1.0, 0.25 + 2.0 ** -28], near, 0.3)
print(f"export const NEAR_GAUSSIAN = {{ change: 2 ** -28, forward: {show(kl)} }};\n")
print("/** Of Dirichlet distributions: KL both ways, Rényi's of order 0.3. */")
p, q = [2.5, 0.75, 4.0], [1.0, 1.5, 3.0]
kl, renyi = dirichlets(p, q, 0.3)
print(f"export const DIRICHLETS = {{ p: {p}, q: {q}, forward: {show(kl)}, reverse: {show(dirichlets(q, p, 0.3)[0])}, renyi: {show(renyi)} }};\n")
near_p, near_q = [20000.0, 30000.0], [20000.0009765625, 30000.00146484375]
print("/** Nearly equal ones of large concentrations. */")
mp.dps = 60
print(f"export const NEAR_DIRICHLETS = {{ p: {near_p}, q: {near_q}, forward: {show(dirichlets(near_p, near_q, 0.3)[0])} }};\n")
mp.dps = 40
print("/** Of counts: KL, Jensen-Shannon, total variation, Hellinger's distance, Rényi's of order 0.3. */")
print("export const COUNTS = [")
cases = [
    (["bernoulli", 0.3], ["bernoulli", 0.42], [1 - mpf(0.3), mpf(0.3)], [1 - mpf(0.42), mpf(0.42)]),
    (["binomial", 10, 0.3], ["binomial", 10, 0.45], bin_(10, 0.3), bin_(10, 0.45)),
    (["binomial", 8, 0.3], ["binomial", 12, 0.25], bin_(8, 0.3) + [mpf(0)] * 4, bin_(12, 0.25)),
    (["bernoulli", 0.25], ["binomial", 3, 0.25], [mpf(0.75), mpf(0.25), mpf(0), mpf(0)], bin_(3, 0.25)),
    (["poisson", 3.25], ["poisson", 4.5], poi(3.25), poi(4.5)),
    (["binomial", 10, 0.3], ["poisson", 3.0], bin_(10, 0.3) + [mpf(0)] * 109, poi(3.0)),
]
for a, b, p, q in cases:
    values = ", ".join(show(v) for v in sums(p, q, 0.3))
    print(f"  [{a}, {b}, {values}],".replace("'", '"'))
print("] as const;\n")
t = 2.0 ** -30
print("/** Of Bernoulli distributions of 0.25 and 0.25 + 2^-30. */")
print(f"export const NEAR_BERNOULLI = {show(sums([mpf(0.75), mpf(0.25)], [mpf(0.75) - t, mpf(0.25) + t], 0.3)[0])};")
