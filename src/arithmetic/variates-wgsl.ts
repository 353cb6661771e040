import source from "../../shaders/lib/variates.wgsl?raw";
import * as table from "./coefficients.ts";
import type { Elementary } from "./elementary.ts";
import { elementaryWgsl } from "./elementary-wgsl.ts";
import { normalTail } from "./normal-tail-wgsl.ts";
import { wgslConstants } from "./wgsl-constants.ts";

const constants = wgslConstants({
  RADIUS: table.ATANH,
  RADIUS_LN2: Math.LN2 / 2 ** 24,
  ANGLE_UNIT: table.ANGLE_UNIT / 128,
  ANGLE_COS: table.ANGLE_COS,
  ANGLE_SIN: table.ANGLE_SIN,
});

/** shaders/lib/variates.wgsl behind the constants that it names and what it calls; math.wgsl goes in front of it. */
export const variates = variatesWith([]);

/** The same with elementary functions, each file once. */
export function variatesWith(functions: Iterable<Elementary>): string {
  return elementaryWgsl(functions, [normalTail, constants + source]);
}
