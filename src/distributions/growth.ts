/**
 * How a log-density goes on towards an end of its support, as a sum of coefficients times functions of y: y is |x| towards infinity,
 * and one over the distance to a finite end.
 */
export type Growth = readonly Term[];

/** A coefficient of exp(rate y), y^power, (log y)² or log y. */
export type Term =
  | { readonly kind: "exponential"; readonly order: number; readonly by: number }
  | { readonly kind: "power"; readonly order: number; readonly by: number }
  | { readonly kind: "logSquare"; readonly order: 2; readonly by: number }
  | { readonly kind: "log"; readonly order: 1; readonly by: number };

/** -1 for the lower end, 1 for the upper. */
export type Side = -1 | 1;

export function powerTerm(order: number, by: number): Term {
  return { kind: "power", order, by };
}

export function logTerm(by: number): Term {
  return { kind: "log", order: 1, by };
}

/** Of a normal density. */
export function squareTerms(mean: number, std: number, side: Side): Growth {
  return [powerTerm(2, -1 / (2 * std * std)), powerTerm(1, (side * mean) / (std * std))];
}
