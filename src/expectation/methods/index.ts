import { InputError } from "../../core/errors.ts";
import type { CheckedCall } from "../checked-call.ts";
import type { Method, Scheme } from "../estimate.ts";
import { antithetic } from "./antithetic.ts";
import { conditional } from "./conditional.ts";
import { importance, selfNormalised } from "./importance.ts";
import { independent } from "./independent.ts";
import type { SamplingMethod } from "./method.ts";
import { sobol } from "./sobol.ts";
import { stratified } from "./stratified.ts";

const PLAIN: Readonly<Record<Exclude<Method, "exact">, SamplingMethod>> = {
  independent,
  antithetic,
  stratified,
  sobol,
};

/** The method of a call: by its name or, with independent samples, by what is made of them. */
export function methodOf(call: CheckedCall): SamplingMethod {
  const { where, method, control, proposal, conditional: given } = call;
  if (method === "exact") throw new InputError(`${where}: method "exact" draws no samples`);
  const special = [control && "control", proposal && "proposal", given && "conditional"].filter(Boolean);
  if (special.length > 1) throw new InputError(`${where}: ${special.join(" and ")} cannot be combined; choose one`);
  if (call.selfNormalised && !proposal) throw new InputError(`${where}: selfNormalised needs a proposal`);
  if ((proposal || given) && method !== "independent") {
    throw new InputError(`${where}: ${special[0]} needs method "independent", got "${method}"`);
  }
  if (given) return conditional;
  if (proposal) return call.selfNormalised ? selfNormalised : importance;
  return PLAIN[method];
}

/** The method by which a scheme's sums were drawn. */
export function methodOfScheme({ role, method }: Scheme): SamplingMethod {
  const found = [conditional, importance, selfNormalised].find((one) => one.role === role);
  if (found) return found;
  if (method === "exact") throw new RangeError("an exact expectation has no sums");
  return PLAIN[method];
}
