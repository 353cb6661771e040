"""Writes test/golden/robotics/robotics.ts: what NumPy and SciPy make of the originals' formulas.

Run: python3 test/golden/robotics/robotics.py > test/golden/robotics/robotics.ts && npx biome format --write test/golden/robotics/robotics.ts
"""

import hashlib
import json

import numpy as np
import scipy
from scipy.stats import beta, norm

f32, f64 = np.float32, np.float64


def sha(values):
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def series(count, modulus=2003):
    """Numbers from -1 to 1 that every language gives alike."""
    return np.array([((k * 7919 + 13) % modulus) / ((modulus - 1) / 2) - 1 for k in range(count)])


def around(values):
    """Each value with its neighbours below and above."""
    values = np.asarray(values)
    kind = values.dtype.type
    return np.stack([np.nextafter(values, kind(-np.inf)), values, np.nextafter(values, kind(np.inf))], -1).ravel()


golden = {}

# OpenVLA: prismatic/vla/action_tokenizer.py, vla/datasets/rlds/utils/data_utils.py, extern/hf/modeling_prismatic.py.
edges = np.linspace(-1, 1, 256)
centres = (edges[:-1] + edges[1:]) / 2
ids = 32000 - np.digitize(np.clip(around(edges), -1.0, 1.0), edges)
statistics = {
    "q01": [-0.7454, -0.6616, -0.9375, -0.1071, -0.2068, -0.1842, 0.0],
    "q99": [0.9375, 0.8758, 0.9321, 0.1039, 0.1768, 0.1457, 1.0],
    "min": [-1.0, -1.0, -1.0, -0.3, -0.4, 0.25, 0.0],
    "max": [1.0, 1.0, 1.0, 0.3, 0.4, 0.25, 1.0],
    "mask": [True] * 6 + [False],
}
q01, q99 = np.array(statistics["q01"]), np.array(statistics["q99"])
mask = np.array(statistics["mask"])
constant = np.array(statistics["min"]) == np.array(statistics["max"])
actions = (1.3 * series(28)).reshape(4, 7)
x = actions.astype(f32)
bounds = f32(2) * (x - q01.astype(f32)) / (q99 - q01 + 1e-8).astype(f32) - f32(1)
normalised = np.where(constant, f32(0), np.where(mask, np.clip(bounds, f32(-1), f32(1)), x))
assert normalised.dtype == f32
decoded = centres[np.clip(32000 - (31744 + (np.arange(28) * 37) % 256) - 1, 0, 254)].reshape(4, 7)
golden["openvla"] = {
    "idsAroundEdges": sha(ids.astype(np.int32)),
    "statistics": statistics,
    "actions": actions.ravel().tolist(),
    "normalised": normalised.ravel().astype(f64).tolist(),
    "decoded": decoded.ravel().tolist(),
    "unnormalised": np.where(mask, 0.5 * (decoded + 1) * (q99 - q01) + q01, decoded).ravel().tolist(),
}

# RT-1: robotics_transformer/tokenizers/action_tokenizer.py and open_x_embodiment/models/rt1.py, in f32.
ranges = {"unit": (-1.0, 1.0), "double": (-2.0, 2.0), "halfTurn": (-np.pi / 2, np.pi / 2), "turn": (-np.pi, np.pi)}
golden["rt1"] = {}
for name, (low, high) in ranges.items():
    values = np.arange(256).astype(f32) / f32(255) * f32(high - low) + f32(low)
    near = around(values)
    share = (np.clip(near, f32(low), f32(high)) - f32(low)) / f32(high - low)
    assert values.dtype == share.dtype == f32
    tokens = (share * f32(255)).astype(np.int32)
    golden["rt1"][name] = {"decoded": sha(values), "tokensAroundEdges": sha(tokens)}

# Octo: octo/model/components/tokenizers.py, diffusion.py and octo/data/utils/data_utils.py.
EPS = 1e-6


def octo_tokens(values, thresholds):
    return np.argmax((values[:, None] < thresholds[1:]) & (values[:, None] >= thresholds[:-1]), -1)


uniform = np.linspace(-2.0, 2.0, 257)
normal = norm.ppf(np.linspace(EPS, 1 - EPS, 257))
t = np.linspace(0, 20, 21) / 20
alphas_cumprod = np.cos((t + 0.008) / 1.008 * np.pi * 0.5) ** 2
betas = np.clip(1 - alphas_cumprod[1:] / alphas_cumprod[:-1], 0, 0.999)
alphas = 1 - betas
bars = np.cumprod(alphas)
step_x, step_e, step_z = 3 * series(8), series(16)[8:], series(24)[16:]
steps = {}
for at in (19, 7, 0):
    moved = 1 / np.sqrt(alphas[at]) * (step_x - (1 - alphas[at]) / np.sqrt(1 - bars[at]) * step_e)
    moved = np.clip(moved + (at > 0) * np.sqrt(betas[at]) * step_z, -5, 5)
    steps[str(at)] = np.where(np.arange(8) < 6, moved, np.sqrt(1 - bars[at]) * step_z).tolist()
mean, std = np.array([0.1, -0.2, 0.05, 0, 0.3, 0.01, 0.5]), np.array([0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.49])
golden["octo"] = {
    "uniformCentres": sha((uniform[1:] + uniform[:-1]) / 2),
    "uniformTokens": octo_tokens(np.clip(2.5 * series(300), -2 + EPS, 2 - EPS), uniform).tolist(),
    "normalThresholds": normal.tolist(),
    "normalTokens": octo_tokens(5 * series(300), normal).tolist(),
    "betas": betas.tolist(),
    "alphaBars": bars.tolist(),
    "x": step_x.tolist(),
    "noise": step_e.tolist(),
    "fresh": step_z.tolist(),
    "steps": steps,
    "mean": mean.tolist(),
    "std": std.tolist(),
    "normal": ((x - mean.astype(f32)) / (std + 1e-8).astype(f32)).ravel().astype(f64).tolist(),
    "bounds": np.clip(bounds, f32(-1), f32(1)).ravel().astype(f64).tolist(),
}

# pi0: src/openpi/models/pi0.py, shared/normalize.py, transforms.py, models/tokenizer.py.
period = 4e-3 * (4.0 / 4e-3) ** np.linspace(0.0, 1.0, 16)
angle = 0.37 * (1.0 / period * 2 * np.pi)
time = beta(1.5, 1, loc=0.001, scale=0.999)
levels = [0.01, 0.1, 0.5, 0.9, 0.99]
points = [0.0011, 0.1, 0.35, 0.6, 0.95, 1.0]


class RunningStats:
    """The definition of openpi's statistics, for a list of batches."""

    def __init__(self, batches, padding):
        self.count = 0
        for batch in batches:
            low, high = batch.min(0), batch.max(0)
            if self.count == 0:
                self.low, self.high = low, high
                self.edges = [np.linspace(a - 1e-10, b + 1e-10, 5001) for a, b in zip(low, high)]
                self.counts = [np.zeros(5000) for _ in low]
                self.mean, self.squares = batch.mean(0), (batch**2).mean(0)
            elif (low < self.low).any() or (high > self.high).any():
                self.low, self.high = np.minimum(low, self.low), np.maximum(high, self.high)
                for d, (a, b) in enumerate(zip(self.low, self.high)):
                    new = np.linspace(a - padding, b + padding, 5001)
                    self.counts[d] = np.histogram(self.edges[d][:-1], new, weights=self.counts[d])[0]
                    self.edges[d] = new
            self.count += len(batch)
            self.mean = self.mean + (batch.mean(0) - self.mean) * (len(batch) / self.count)
            self.squares = self.squares + ((batch**2).mean(0) - self.squares) * (len(batch) / self.count)
            for d, edges in enumerate(self.edges):
                self.counts[d] += np.histogram(batch[:, d], edges)[0]

    def quantile(self, q):
        found = [np.searchsorted(np.cumsum(counts), q * self.count) for counts in self.counts]
        return [edges[k] for edges, k in zip(self.edges, found)]

    def result(self):
        return {
            "mean": self.mean.tolist(),
            "std": np.sqrt(np.maximum(0, self.squares - self.mean**2)).tolist(),
            "q01": self.quantile(0.01),
            "q99": self.quantile(0.99),
        }


rows = series(3000, 2999).reshape(1000, 3) * np.array([1.0, 0.1, 7.0])
batches = [rows[:300], rows[300:500] * 1.5 + 0.2, rows[500:]]
golden["pi0"] = {
    "embedding": np.concatenate([np.sin(angle), np.cos(angle)]).tolist(),
    "time": {
        "mean": float(time.mean()),
        "variance": float(time.var()),
        "entropy": float(time.entropy()),
        "x": points,
        "logProb": time.logpdf(points).tolist(),
        "cdf": time.cdf(points).tolist(),
        "levels": levels,
        "icdf": time.ppf(levels).tolist(),
    },
    "zScore": ((actions - mean) / (std + 1e-6)).ravel().tolist(),
    "quantiles": ((actions - q01) / (q99 - q01 + 1e-6) * 2.0 - 1.0).ravel().tolist(),
    "statistics": RunningStats(batches, 0).result(),
    "paddedStatistics": RunningStats(batches, 1e-10).result(),
    "stateBins": (np.digitize(1.1 * series(200), np.linspace(-1, 1, 257)[:-1]) - 1).tolist(),
}

# DreamerV3: embodied/jax/outs.py, heads.py, utils.py, in f64.
half = np.linspace(-20, 0, 128).astype(f32).astype(f64)
half = np.sign(half) * np.expm1(np.abs(half))
bins = np.concatenate([half, -half[:-1][::-1]])


def unimix(logits):
    p = np.exp(logits - logits.max(-1, keepdims=True))
    return 0.99 * p / p.sum(-1, keepdims=True) + 0.01 / logits.shape[-1]


post, prior = unimix(4 * series(384).reshape(3, 8, 16)), unimix(3 * series(384, 1999).reshape(3, 8, 16))
low = high = 0.0
returns = []
for k in range(4):
    batch = (k + 1) * 3 * series(50 + k)
    low = 0.99 * low + 0.01 * np.percentile(batch, 5)
    high = 0.99 * high + 0.01 * np.percentile(batch, 95)
    returns.append([low, max(1.0, high - low)])
golden["dreamer"] = {
    "bins": bins.tolist(),
    "kl": (post * np.log(post / prior)).sum((-1, -2)).tolist(),
    "returns": returns,
}

print("// Made by robotics.py with NumPy %s and SciPy %s." % (np.__version__, scipy.__version__))
for name, values in golden.items():
    print("export const %s = %s;\n" % (name, json.dumps(values)))
