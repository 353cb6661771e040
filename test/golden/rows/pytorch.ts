// torch.nn.functional.cross_entropy in f64 over these logits; rows with target -100 are ignored.

export const logits = [2, 1, 0, 0, -1, 3, 1, 1, 1];
export const targets = [0, 2, -100];
export const weight = [1, 2, 0.5];

/** Probabilities for the same logits. */
export const softTargets = Float32Array.of(0.7, 0.2, 0.1, 0.1, 0.1, 0.8, 1 / 3, 1 / 3, 1 / 3);

/** Losses to eight decimals. */
export const losses = [
  // cross_entropy(L, y, reduction="none")
  { name: "each row", options: { reduction: "none" }, loss: [0.40760596, 0.0658839, 0] },
  // cross_entropy(L, y)
  { name: "the mean", options: {}, loss: [0.23674493] },
  // cross_entropy(L, y, reduction="sum")
  { name: "the sum", options: { reduction: "sum" }, loss: [0.47348987] },
  // cross_entropy(L, y, weight=w)
  { name: "the weighted mean", options: { weight }, loss: [0.29369861] },
  // cross_entropy(L, y, label_smoothing=0.1)
  { name: "the smoothed mean", options: { labelSmoothing: 0.1 }, loss: [0.4034116] },
  // cross_entropy(L, y, weight=w, label_smoothing=0.1)
  { name: "the smoothed weighted mean", options: { labelSmoothing: 0.1, weight }, loss: [0.61226685] },
] as const;

/** 1e-4 · the mean of logsumexp(L, 1)² over the rows that count. */
export const zLoss = { scale: 1e-4, loss: 0.00075981 };

export const softLosses = [
  // cross_entropy(L, T)
  { name: "the mean", options: {}, loss: [0.89070072] },
  // cross_entropy(L, T, weight=w)
  { name: "the weighted mean", options: { weight }, loss: [1.13219331] },
] as const;
