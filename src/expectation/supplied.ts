import type { Engine } from "../engine/engine.ts";
import type { Coefficient } from "./compose.ts";
import type { ExpectationOptions } from "./options.ts";
import { pilot } from "./pilot.ts";
import { type Problem, problemOf } from "./problem.ts";
import type { Question } from "./question.ts";

/** A problem with what its method wants: a control variate's coefficient, Sobol directions. */
export async function supplied(engine: Engine, question: Question, options: ExpectationOptions): Promise<Problem> {
  const asked = refuse(question, options);
  const sobol = question.method === "sobol";
  if (!question.control && !sobol) return asked;
  return problemOf(question, options, {
    coefficient: question.control && (await pilot(engine, question, options.signal)),
    directions: sobol ? await directionsFor(question.under.model.variates.length) : undefined,
  });
}

/** Throws what can be known to be wrong before anything is drawn. */
export function refuse(question: Question, options: ExpectationOptions): Problem {
  return problemOf(question, options, { coefficient: question.control && NO_COEFFICIENT });
}

/** What a call is checked with before its control variate's coefficient is known. */
const NO_COEFFICIENT: Coefficient = { coefficient: 0, correlation: 0, pilotSamples: 0, standardErrorsOff: 0 };

/** The table of direction numbers loads on demand. */
async function directionsFor(dimensions: number): Promise<Uint32Array> {
  const { sobolDirections } = await import("../random/sobol-directions.ts");
  return sobolDirections(dimensions);
}
