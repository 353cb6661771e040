import philox from "../../shaders/lib/philox.wgsl?raw";
import threefry from "../../shaders/lib/threefry.wgsl?raw";
import threefryFloats from "../../shaders/lib/threefry-floats.wgsl?raw";
import type { GeneratorName } from "../random/words.ts";

/** A generator's source; where integers are shifted lane by lane Threefry has a form of its own. */
export function generatorWgsl(generator: GeneratorName, slowShifts: boolean): string {
  if (generator === "philox4x32-10") return philox;
  return slowShifts ? threefryFloats : threefry;
}
