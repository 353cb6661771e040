// SciPy 1.17.1's values: scipy/special/tests/test_logsumexp.py, from mpmath at 200 digits.

const shifted = [0, 1, 2, 3];

export const softmaxOfRows = [
  // scipy.special.softmax([0, 1, 2, 3]), TestSoftmax.test_softmax_fixtures
  { logits: shifted, softmax: [0.03205860328008499, 0.08714431874203256, 0.23688281808991013, 0.6439142598879722] },
  // scipy.special.softmax([100, 101, 102, 103])
  {
    logits: shifted.map((x) => x + 100),
    softmax: [0.03205860328008499, 0.08714431874203256, 0.23688281808991013, 0.6439142598879722],
  },
  // scipy.special.softmax([-25, 0, 25, 50])
  {
    logits: [-25, 0, 25, 50],
    softmax: [2.678636961770877e-33, 1.9287498479371314e-22, 1.3887943864771144e-11, 0.999999999986112],
  },
  // scipy.special.softmax([1, 325, 749, 750])
  { logits: [1, 325, 749, 750], softmax: [0, 1.9444526359919372e-185, 0.2689414213699951, 0.7310585786300048] },
  // scipy.special.softmax([1000, 0, 0, 0])
  { logits: [1_000, 0, 0, 0], softmax: [1, 0, 0, 0] },
  // scipy.special.softmax([1, 1])
  { logits: [1, 1], softmax: [0.5, 0.5] },
];

export const logSoftmaxOfRows = [
  // scipy.special.log_softmax([0, 1, 2, 3]), test_log_softmax.py
  {
    logits: shifted,
    logSoftmax: [-3.4401896985611953, -2.4401896985611953, -1.4401896985611953, -0.44018969856119533],
  },
  // scipy.special.log_softmax([100, 101, 102, 103])
  {
    logits: shifted.map((x) => x + 100),
    logSoftmax: [-3.4401896985611953, -2.4401896985611953, -1.4401896985611953, -0.44018969856119533],
  },
  // scipy.special.log_softmax([1000, 1])
  { logits: [1_000, 1], logSoftmax: [0, -999] },
  // scipy.special.log_softmax([1])
  { logits: [1], logSoftmax: [0] },
];

export const logSumExpOfRows = [
  // scipy.special.logsumexp([1e10, 1e-10]): test_logsumexp
  { logits: [1e10, 1e-10], logSumExp: 1e10 },
  // scipy.special.logsumexp([-1e10, -inf])
  { logits: [-1e10, Number.NEGATIVE_INFINITY], logSumExp: -1e10 },
  // scipy.special.logsumexp([10000] * 1000) = 10000 + log(1000)
  { logits: Array.from({ length: 1_000 }, () => 10_000), logSumExp: 10006.907755278982 },
  // scipy.special.logsumexp([0, -40]): gh-18295
  { logits: [0, -40], logSumExp: 4.248354255291589e-18 },
  // scipy.special.logsumexp([1e4, -1e4, 0, 1e4])
  { logits: [1e4, -1e4, 0, 1e4], logSumExp: 10000.69314718056 },
];

export const entropyOfRows = [
  // scipy.special.entr(scipy.special.softmax(logits)).sum()
  { logits: [0, 1, 2, 3], entropy: 0.9475369639754254 },
  { logits: [-25, 0, 25, 50], entropy: 3.6108659848865985e-10 },
  { logits: [1.5, 1.5, 1.5, 1.5], entropy: 1.3862943611198906 },
];

export const klDivergenceOfRows = [
  // scipy.special.rel_entr(scipy.special.softmax(p), scipy.special.softmax(q)).sum()
  { p: [0, 1, 2, 3], q: [3, 2, 1, 0], klDivergence: 1.9853054691715397 },
  { p: [2, 1, 0, 0], q: [0, 0, 0, 0], klDivergence: 0.3375892585742044 },
  { p: [0, 0, 0, 0], q: [2, 1, 0, 0], klDivergence: 0.35751734795234796 },
  { p: [5, -5, 0, 1], q: [4.5, -6, 0.25, 1], klDivergence: 0.004897558233190321 },
];
