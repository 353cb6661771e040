# Makes gaussian-nll.ts, from the definition of torch.nn.functional.gaussian_nll_loss in PyTorch 2.x's documentation, in
# f64 with NumPy 2.4.6: python3 test/golden/gaussian/gaussian-nll.py > test/golden/gaussian/gaussian-nll.ts
import json
import numpy as np

random = np.random.default_rng(4)
f32 = lambda a: np.asarray(a, dtype=np.float32).astype(np.float64)
cases = []
for shape, full, eps in [((5, 3), False, 1e-6), ((5, 3), True, 1e-6), ((2, 4, 3), False, 0.5), ((7, 1), True, 1e-3)]:
    rows = shape[:-1]
    for kind, of in [("number", ()), ("value", shape), ("column", (*rows, 1)), ("row", rows)]:
        x, target = f32(random.standard_normal(shape)), f32(random.standard_normal(shape))
        variance = f32(np.exp(2 * random.standard_normal(of)))
        if kind == "value":
            variance.flat[1] = 0  # counts as eps
        wide = variance if kind in ("number", "value", "column") else variance[..., None]
        v = np.maximum(np.broadcast_to(wide, shape), np.float64(np.float32(eps)))
        loss = 0.5 * (np.log(v) + (x - target) ** 2 / v) + (0.5 * np.log(2 * np.pi) if full else 0)
        cases.append({"shape": shape, "varianceShape": of, "kind": kind, "full": full, "eps": eps,
                      "input": x.ravel().tolist(), "target": target.ravel().tolist(),
                      "variance": variance.ravel().tolist(), "none": loss.ravel().tolist(),
                      "sum": loss.sum().item(), "mean": loss.mean().item()})
print("// Made by gaussian-nll.py, which says how.\n")
print("export const losses =", json.dumps(cases), "as const;")
