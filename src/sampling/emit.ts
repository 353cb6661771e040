import { emitLanes } from "./emit-lane.ts";
import { emitQuad } from "./emit-quad.ts";
import { emitSums } from "./emit-sums.ts";
import { emitStart } from "./emit-words.ts";
import type { Integrand } from "./integrand.ts";

/**
 * The functions of shaders/sampling/expectation.wgsl that depend on the integrand: its variates and its sums.
 *
 * @param strict - each value's bits are examined, rather than the sums at the end of a run
 */
export function emitDraws(integrand: Integrand, strict: boolean): string {
  return `${emitSamples(integrand)}${emitSums(integrand, strict)}`;
}

/** WGSL of `draw_quad` and `draw_lanes`, with what they call. */
export function emitSamples(integrand: Integrand): string {
  return [emitStart(integrand), emitFixed(integrand), emitQuad(integrand), emitLanes(integrand)].join("\n");
}

/** What is the same for every sample: the parameters. */
function emitFixed({ program }: Integrand): string {
  const values = program.parameters.map((_, k) => `parameters[${k}u]`);
  const given = values.length > 0;
  return `
struct Fixed { zero: u32, ${given ? "p: integrand_In" : ""} }
fn fixed_params() -> Fixed { return Fixed(params.zero${given ? `, integrand_In(${values.join(", ")})` : ""}); }`;
}
