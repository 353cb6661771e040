# Makes gaussian.ts: python3 test/golden/gaussian/gaussian.py > test/golden/gaussian/gaussian.ts (SciPy 1.17.1, NumPy 2.4.6)
import json
import numpy as np
from scipy.spatial.distance import mahalanobis
from scipy.stats import multivariate_normal, norm

f32 = lambda a: np.asarray(a, dtype=np.float32).astype(np.float64)
random = np.random.default_rng(20)
cases = []

def add(x, mean, covariance):
    inverse = np.linalg.inv(covariance)
    cases.append({
        "x": x.tolist(), "mean": mean.tolist(), "covariance": covariance.tolist(),
        "logDensity": multivariate_normal.logpdf(x, mean, covariance).item(),
        "distance": mahalanobis(x, mean, inverse).item(),
    })

add(np.zeros(3), np.array([1.0, -2, 0.5]), np.array([[2, 0.3, -0.4], [0.3, 1, 0.2], [-0.4, 0.2, 0.5]]))
for d in [1, 2, 4, 5, 7, 8]:
    for condition in [1e1, 1e3, 1e5]:
        q, _ = np.linalg.qr(random.standard_normal((d, d)))
        values = np.geomspace(1, 1 / condition, d) if d > 1 else np.array([2.5])
        covariance = f32((q * values) @ q.T)
        covariance = np.tril(covariance) + np.tril(covariance, -1).T
        mean = f32(random.standard_normal(d))
        add(f32(mean + random.standard_normal(d)), mean, covariance)

scalars = [{"x": x, "mean": m, "std": s, "logDensity": norm.logpdf(x, m, s).item()}
           for x, m, s in [(0, 0, 1), (10, 0, 1), (1e4, 0, 1), (-2.5, 1.25, 0.375), (3, 3, 2.0**-20), (0.5, -1, 1024)]]
print("// Made by gaussian.py, which says how.\n")
print("/** scipy.stats.multivariate_normal.logpdf and scipy.spatial.distance.mahalanobis. */")
print("export const gaussians =", json.dumps(cases), "as const;\n")
print("/** scipy.stats.norm.logpdf. */")
print("export const normals =", json.dumps(scalars), "as const;")
