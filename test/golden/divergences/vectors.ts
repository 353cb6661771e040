// Made by `python3 test/golden/divergences/vectors.py`: definitions with 40 digits (mpmath 1.3).

/** Of normal distributions of vectors: KL(a || b), KL(b || a), Rényi's of order 0.3 of (a, b), Hellinger's distance. */
export const GAUSSIANS = {
  a: {
    mean: [0.5, -1.0, 0.25],
    covariance: [
      [2.0, 0.5, -0.25],
      [0.5, 1.0, 0.125],
      [-0.25, 0.125, 0.75],
    ],
  },
  b: {
    mean: [0.0, -0.5, 1.0],
    covariance: [
      [1.0, -0.25, 0.5],
      [-0.25, 1.5, 0.0],
      [0.5, 0.0, 2.0],
    ],
  },
  forward: 1.2495639874737479,
  reverse: 1.5471876572630943,
  renyi: 0.380082752457438,
  hellinger: 0.5071805235755014,
};

/** KL(a || c), c being a with another last mean and variance. */
export const NEAR_GAUSSIAN = { change: 2 ** -28, forward: 1.776049287267028e-17 };

/** Of Dirichlet distributions: KL both ways, Rényi's of order 0.3. */
export const DIRICHLETS = {
  p: [2.5, 0.75, 4.0],
  q: [1.0, 1.5, 3.0],
  forward: 1.168967752105235,
  reverse: 1.4028065178435754,
  renyi: 0.380796761194906,
};

/** Nearly equal ones of large concentrations. */
export const NEAR_DIRICHLETS = {
  p: [20000.0, 30000.0],
  q: [20000.0009765625, 30000.00146484375],
  forward: 5.960590115535187e-16,
};

/** Of counts: KL, Jensen-Shannon, total variation, Hellinger's distance, Rényi's of order 0.3. */
export const COUNTS = [
  [
    ["bernoulli", 0.3],
    ["bernoulli", 0.42],
    0.030694891065693876,
    0.007840043670178315,
    0.12,
    0.08862234555157854,
    0.009552289185275915,
  ],
  [
    ["binomial", 10, 0.3],
    ["binomial", 10, 0.45],
    0.4717390733937235,
    0.10901526012120144,
    0.3835727733691407,
    0.3384607431554619,
    0.14751759433137474,
  ],
  [
    ["binomial", 8, 0.3],
    ["binomial", 12, 0.25],
    0.08892650004418379,
    0.023845949229021154,
    0.16109880170303348,
    0.15666675050129258,
    0.03147774618355009,
  ],
  [
    ["bernoulli", 0.25],
    ["binomial", 3, 0.25],
    0.3007110727365344,
    0.08854597238496537,
    0.328125,
    0.33576848211354726,
    0.2122349643270588,
  ],
  [
    ["poisson", 3.25],
    ["poisson", 4.5],
    0.19237719858745914,
    0.048245298218255565,
    0.24911168809873135,
    0.22241811753742438,
    0.062223852568174115,
  ],
  [
    ["binomial", 10, 0.3],
    ["poisson", 3.0],
    0.02949717557652944,
    0.008162146949620563,
    0.08640888220275922,
    0.09212618953769182,
    0.011065608377813892,
  ],
] as const;

/** Of Bernoulli distributions of 0.25 and 0.25 + 2^-30. */
export const NEAR_BERNOULLI = 2.3129646308062028e-18;
