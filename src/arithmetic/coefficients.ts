/**
 * The numbers of the elementary functions and the variates, once for all who compute with them: WGSL (by `wgslConstants`), f32 and
 * f64 in JavaScript, and WebAssembly. What each is for, on which interval and with which error, stands with the WGSL function.
 *
 * Polynomials begin with the coefficient of the highest power. Decimals are those of the fits; whoever computes in f32 rounds them
 * to the nearest f32, as WGSL and WebAssembly do by themselves.
 */
export * from "./row-coefficients.ts";

export type Polynomial = readonly [number, ...number[]];

// log 2 in two parts, the first of 33 bits (FreeBSD's e_log.c).
export const LN2_HIGH_64 = 0.6931471803691238;
export const LN2_LOW_64 = 1.9082149292705877e-10;

/** Euler's constant γ, and 1 - γ. */
export const EULER = 0.5772156649015329;
export const ONE_LESS_EULER = 0.42278433509846713;

// exp(r) = 1 + r + r² EXP(r); EXPM1 where 1 is not added again. The f32 that EXP_LARGEST is has the last finite exp.
export const EXP = [0.00138144661, 0.00836878084, 0.0416683927, 0.166665196, 0.5 - 2 ** -24] as const;
export const EXPM1 = [0.000199143018, 0.00139411027, 0.00833327323, 0.041666355, 0.166666672, 0.5] as const;
export const EXP_LARGEST = 88.7228317;
/** tanh(a) = a + a t TANH(t), t = a². */
export const TANH = [-0.00567931216, 0.0206181295, -0.0537340045, 0.133313835, -0.333332807] as const;
/** 2^r, relative to it. */
export const EXP2 = [0.000154765919, 0.00134005374, 0.00961800292, 0.0555032715, 0.240226507, Math.LN2, 1] as const;

// With t = s²: atanh(s) = s + s t ATANH(t), and 2 atanh(s) = 2 s + s t LOG(t).
export const ATANH = [0.149358645, 0.199887708, 0.33333388] as const;
export const LOG = [0.29871729, 0.399775416, 0.66666776] as const;
/** 2 / log 2, its first 12 bits and the rest. */
export const TWO_LOG2E = 2 * Math.LOG2E;
export const TWO_LOG2E_HIGH = 2.884765625;
export const TWO_LOG2E_LOW = 6.24456778e-4;

/** π / 2 in five parts; the first four have 7 bits. */
export const HALF_PI_PARTS = [1.5625, 0.0081787109375, 0.00011730194091796875, 3.12924385e-7, 9.92093629e-10] as const;
/** sin(r) = r + r t SIN(t) and cos(r) = 1 - t/2 + t² COS(t), t = r². */
export const SIN = [-0.000195169778, 0.00833217613, -0.166666552] as const;
export const COS = [2.44380917e-5, -0.00138873642, 0.0416666456] as const;
/** sin(2πr) = r TURN + r SIN_TURNS(t), whose last is 2π less its f32, and cos(2πr) = COS_TURNS(t). */
export const TURN = 2 * Math.PI;
export const SIN_TURNS = [-75.4521561, 81.5939178, -41.3416748, -1.74845553e-7] as const;
export const COS_TURNS = [59.2449722, -85.443718, 64.9393234, -19.7392082, 1] as const;

/** atan(s) = s + s t ATAN(t), t = s². */
export const ATAN = [-0.0609005243, 0.105991684, -0.14244391, 0.199985281, -0.333333164] as const;
/** π / 2 less its f32. */
export const HALF_PI_LOW = -4.37113883e-8;
/** tan(3π/8) and tan(π/8). */
export const TAN_3_EIGHTHS = 1 + Math.SQRT2;
export const TAN_EIGHTH = Math.SQRT2 - 1;

/** erf(x) = x TWO_OVER_ROOT_PI + x ERF(x²), whose last is 2 / √π less its f32. */
export const TWO_OVER_ROOT_PI = 1.12837923;
export const ERF = [-0.000673626608, 0.00511349086, -0.0268348362, 0.112833992, -0.37612623, -5.86353834e-8] as const;
/** exp(a²) erfc(a) (1 + 2a) of (a - 2) / (a + 2). */
export const ERFC = [
  -0.00147683173, 0.0010709638, 0.00875893142, -0.00800142158, -0.0542261526, 0.164049178, -0.166030109, -0.092763789,
  1.27697837,
] as const;

// The normal that is exceeded with probability u = 1/2 - d: d NORMAL_TOP(t) / NORMAL_BOTTOM(t), t = d² - 0.08, near the centre,
// and r - TAIL_TOP(r) / TAIL_BOTTOM(r), r = √(-2 log u), in the tail.
export const NORMAL_TOP = [-13.2918105, 43.8114906, -22.092222, 2.76418592] as const;
export const NORMAL_BOTTOM = [-15.7496769, 24.9161198, -9.43601413, 1] as const;
export const TAIL_TOP = [0.02491266, 1.07599083, 5.48829304, 2.97253743] as const;
export const TAIL_BOTTOM = [0.00376320553, 0.267092614, 2.41255033, 3.84508992, 1] as const;

/** log Γ(2 + z) = (1 - γ) z + z² LGAMMA(z), whose last is 1 - γ, or -γ, less its f32, over z. */
export const LGAMMA = [
  -0.000332324009, 0.000564630318, -0.00114734599, 0.00288125593, -0.00739187887, 0.0205813218, -0.0673520416,
  0.322467029, 6.63777378e-9,
] as const;
/** What Stirling's log Γ(x) has beyond (x - 1/2) (log x - 1), of r = 1/x: r STIRLING(r²) + HALF_LOG_TURN - 1/2. */
export const STIRLING = [0.000705220562, -0.00277324673, 0.0833332613] as const;

/** digamma(x) = log x - 1/(2x) - t DIGAMMA_FAR(t), t = 1/x². */
export const DIGAMMA_FAR = [-0.00182790146, 0.00356101245, -0.00830007065, 0.0833323896] as const;
/** digamma(x) = u DIGAMMA(u), u = x less the root of digamma, which is the sum of these two parts. */
export const DIGAMMA = [
  0.0119690476, -0.0206526481, 0.0226816759, -0.0319260135, 0.0487877615, -0.0723267049, 0.107818007, -0.163937226,
  0.258500516, -0.442763239, 0.967672229,
] as const;
export const DIGAMMA_ROOT = 1.46163213;
export const DIGAMMA_ROOT_LOW = 1.24381501e-8;

/** trigamma(x) = a + t (1/2 + a TRIGAMMA(t)), a = 1/x and t = a². */
export const TRIGAMMA = [0.0167909022, -0.0232678112, 0.0228205305, -0.0332867689, 0.166665927] as const;

/** Of an angle word: the unit in which x counts, and cos = 1 - t ((t + first) t + second) and sin = x ANGLE_SIN(t), t = x². */
export const ANGLE_UNIT = 1.55805608e-8;
export const ANGLE_COS = [-3.39486766, 4.51380491] as const;
export const ANGLE_SIN = [-0.431105405, 2.04025578, -4.52073479, 3.00460172] as const;
