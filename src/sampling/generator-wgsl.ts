import mulhi from "../../shaders/lib/mulhi.wgsl?raw";
import philox from "../../shaders/lib/philox.wgsl?raw";
import strata from "../../shaders/lib/strata.wgsl?raw";
import threefry from "../../shaders/lib/threefry.wgsl?raw";
import threefryFloats from "../../shaders/lib/threefry-floats.wgsl?raw";
import type { GeneratorName } from "../random/words.ts";

/** A generator's source, with that of strata where its words are moved into some; where integers are shifted lane by lane Threefry has a form of its own. */
export function generatorWgsl(generator: GeneratorName, slowShifts: boolean, stratified = false): string {
  const files = generator === "philox4x32-10" ? [mulhi, philox] : [slowShifts ? threefryFloats : threefry];
  return [...new Set([...files, ...(stratified ? [mulhi, strata] : [])])].join("\n");
}
