import source from "../../shaders/lib/variates.wgsl?raw";
import * as table from "./coefficients.ts";
import { wgslConstants } from "./wgsl-constants.ts";

const constants = wgslConstants({
  RADIUS: table.ATANH,
  RADIUS_LN2: Math.LN2 / 2 ** 24,
  ANGLE_UNIT: table.ANGLE_UNIT / 128,
  ANGLE_COS: table.ANGLE_COS,
  ANGLE_SIN: table.ANGLE_SIN,
  NORMAL_TOP: table.NORMAL_TOP,
  NORMAL_BOTTOM: table.NORMAL_BOTTOM,
  TAIL_TOP: table.TAIL_TOP,
  TAIL_BOTTOM: table.TAIL_BOTTOM,
});

/** shaders/lib/variates.wgsl behind the constants that it names; math.wgsl goes in front of it. */
export const variates = constants + source;
