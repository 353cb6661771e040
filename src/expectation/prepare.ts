import type { Engine } from "../engine/engine.ts";
import type { CheckedCall } from "./checked-call.ts";
import type { Coefficient } from "./compose.ts";
import type { ExpectationOptions } from "./options.ts";
import { pilot } from "./pilot.ts";
import { type PreparedRun, preparedRun } from "./prepared-run.ts";

/** A problem with what its method wants: a control variate's coefficient, Sobol directions. */
export async function prepare(
  engine: Engine,
  question: CheckedCall,
  options: ExpectationOptions,
): Promise<PreparedRun> {
  const asked = prepareUnsupplied(question, options);
  const sobol = question.method === "sobol";
  if (!question.control && !sobol) return asked;
  return preparedRun(question, options, {
    coefficient: question.control && (await pilot(engine, question, options.signal)),
    directions: sobol ? await directionsFor(question.under.model.variates.length) : undefined,
  });
}

/** Throws what can be known to be wrong before anything is drawn. */
export function prepareUnsupplied(question: CheckedCall, options: ExpectationOptions): PreparedRun {
  return preparedRun(question, options, { coefficient: question.control && NO_COEFFICIENT });
}

/** What a call is checked with before its control variate's coefficient is known. */
const NO_COEFFICIENT: Coefficient = { coefficient: 0, correlation: 0, pilotSamples: 0, standardErrorsOff: 0 };

/** The table of direction numbers loads on demand. */
async function directionsFor(dimensions: number): Promise<Uint32Array> {
  const { sobolDirections } = await import("../random/sobol-directions.ts");
  return sobolDirections(dimensions);
}
