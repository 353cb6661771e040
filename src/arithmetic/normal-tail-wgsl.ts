import source from "../../shaders/lib/normal-tail.wgsl?raw";
import * as table from "./coefficients.ts";
import { wgslConstants } from "./wgsl-constants.ts";

const constants = wgslConstants({
  NORMAL_TOP: table.NORMAL_TOP,
  NORMAL_BOTTOM: table.NORMAL_BOTTOM,
  TAIL_TOP: table.TAIL_TOP,
  TAIL_BOTTOM: table.TAIL_BOTTOM,
});

/** shaders/lib/normal-tail.wgsl behind the constants that it names; math.wgsl goes in front of it. */
export const normalTail = constants + source;
