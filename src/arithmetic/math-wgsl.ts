import mad from "../../shaders/lib/mad.wgsl?raw";
import madFused from "../../shaders/lib/mad-fused.wgsl?raw";
import source from "../../shaders/lib/math.wgsl?raw";
import { HALF_LOG_TURN, LN2_HIGH, LN2_LOW, ROW_EXP, ROW_EXP2, ROW_LOG } from "./row-coefficients.ts";
import { wgslConstants } from "./wgsl-constants.ts";

const constants = wgslConstants({
  MATH_LOG2E: Math.LOG2E,
  MATH_LN2: Math.LN2,
  MATH_LN2_HIGH: LN2_HIGH,
  MATH_LN2_LOW: LN2_LOW,
  MATH_HALF_LOG_TURN: HALF_LOG_TURN,
  MATH_EXP: ROW_EXP,
  MATH_EXP2: ROW_EXP2,
  MATH_LOG: ROW_LOG,
});

/** shaders/lib/math.wgsl behind the constants that it names, and math_mad. */
export const math = constants + source + mad;

/** The same where math_mad may be fused (`numerics.fma`). */
export const mathFused = constants + source + madFused;
