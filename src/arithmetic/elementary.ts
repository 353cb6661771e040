/** Functions that have arithmetic of their own: WGSL in shaders/lib/elementary, its f32 twin, and f64. */
export const ELEMENTARY = [
  "sqrt",
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "sinTurns",
  "cosTurns",
  "tanh",
  "pow",
  "erf",
  "erfc",
  "normalQuantile",
  "atan",
  "lgamma",
  "digamma",
  "trigamma",
] as const;

export type Elementary = (typeof ELEMENTARY)[number];

const elementary = new Set<string>(ELEMENTARY);

export function isElementary(operation: string): operation is Elementary {
  return elementary.has(operation);
}
