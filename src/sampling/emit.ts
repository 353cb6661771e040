import { emitLanes } from "./emit-lane.ts";
import { emitQuad } from "./emit-quad.ts";
import { emitStart } from "./emit-words.ts";
import type { Integrand } from "./integrand.ts";
import type { Variant } from "./variant.ts";

/**
 * WGSL of `draw_quad` and `draw_lanes`, with what they call: what shaders/sampling/expectation.wgsl and sample.wgsl share of an
 * integrand.
 */
export function emitSamples(integrand: Integrand, { branches }: Variant): string {
  return [emitStart(integrand), emitFixed(integrand), emitQuad(integrand, branches), emitLanes(integrand)].join("\n");
}

/** What is the same for every sample: the parameters. */
function emitFixed({ program }: Integrand): string {
  const values = program.parameters.map((_, k) => `parameters[${k}u]`);
  const given = values.length > 0;
  return `
struct Fixed { zero: u32, ${given ? "p: integrand_In" : ""} }
fn fixed_params() -> Fixed { return Fixed(params.zero${given ? `, integrand_In(${values.join(", ")})` : ""}); }`;
}
