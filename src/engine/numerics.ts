/**
 * What the self-test of an engine found out about its machine's arithmetic. WGSL promises little of it, so it is measured
 * when the engine is made; the CPU engine needs no test.
 */
export interface Numerics {
  /**
   * Samples and means are equal, to the bit, to the CPU engine's. Holds where sums, products, quotients and roots are
   * correctly rounded, the library's own functions gave the CPU's bits, the barrier holds, and NaN keeps its bits.
   * Elsewhere results are right within their stated tolerance.
   */
  readonly exact: boolean;
  /** How kernels may find samples that are not finite: by a sum of them, or only by the bits of each. */
  readonly path: "sum" | "bits";
  /** Why the self-test has no findings; those below are then the most careful ones. Absent where it ran. */
  readonly failure?: string;

  /** f32 a + b and a · b are rounded to the nearest. */
  readonly sums: boolean;
  readonly products: boolean;
  /** a / b and sqrt(a) are correctly rounded, which WGSL does not ask for. */
  readonly quotients: boolean;
  readonly roots: boolean;

  /** The library's own exp and log, and the radius and angle of its normal samples, have the CPU engine's bits. */
  readonly exp: boolean;
  readonly log: boolean;
  readonly radius: boolean;
  readonly angle: boolean;

  /** Arithmetic behind the barrier (`math_opaque`) is done as written: no fused products, no regrouped sums. */
  readonly barrier: boolean;
  /** fma(a · b, 1, c) is rounded twice where no compiler sees the 1: a cheaper barrier. */
  readonly fma: boolean;
  /** Without the barrier, a · b + c is rounded once (fused) rather than twice. */
  readonly contracts: boolean;
  /** WGSL's fma rounds once. */
  readonly fused: boolean;
  /** Without the barrier, (p + 1) − 1 or the error term of TwoSum is simplified. */
  readonly regroups: boolean;

  /** Numbers below 2^-126 keep their value or become 0; WGSL allows both. */
  readonly subnormals: "kept" | "flushed";
  /** unpack2x16float keeps subnormal f16, infinities and NaN; elsewhere f16 are read by whole numbers. */
  readonly halves: boolean;
  /** A NaN that is loaded and stored has the bits it had. */
  readonly nanBits: boolean;
  /** x != x holds for NaN. */
  readonly nanUnequal: boolean;
  /** NaN and the infinities show in sums and products, and compare as IEEE 754 says: what the path "sum" needs. */
  readonly nonFinite: boolean;
  /** WGSL's own exp2 gives 0 far below and at −∞, NaN for NaN, and a fused product and sum keeps −∞. */
  readonly exp2Ends: boolean;

  /** How many of the 70,000 trips of a loop were made; the library's own loops keep far below what any machine cuts off. */
  readonly loopTrips: number;
  /**
   * Largest error seen of WGSL's built-in functions, in units in the last place: of the true value for exp, log and exp2, of 1
   * (2^-23) for sin and cos. Of them the library uses exp2, for functions of rows of logits, where it is accurate enough.
   */
  readonly builtinError: Readonly<Record<"exp" | "log" | "exp2" | "sin" | "cos", number>>;
}

/** The trips that the self-test's long loop is asked for. */
export const TRIPS = 70_000;

/** What must be assumed of a machine whose self-test could not run. */
export function unknownNumerics(failure: string): Numerics {
  return Object.freeze({
    exact: false,
    path: "bits",
    failure,
    sums: false,
    products: false,
    quotients: false,
    roots: false,
    exp: false,
    log: false,
    radius: false,
    angle: false,
    barrier: false,
    fma: false,
    contracts: true,
    fused: false,
    regroups: true,
    subnormals: "flushed",
    halves: false,
    nanBits: false,
    nanUnequal: false,
    nonFinite: false,
    exp2Ends: false,
    loopTrips: 0,
    builtinError: Object.freeze({ exp: Infinity, log: Infinity, exp2: Infinity, sin: Infinity, cos: Infinity }),
  });
}
