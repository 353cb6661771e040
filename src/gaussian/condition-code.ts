import { each, lowerOf, tree } from "../engine/wgsl-lines.ts";

/**
 * The WGSL that refuses what is too close to singular. W = L^-1 gives an upper bound of the condition number, trace(Σ)
 * trace(Σ^-1); where that is too much, power iterations on Σ and Σ^-1 give a lower bound that is close.
 */
export function conditionCode(d: number): string[] {
  return [
    ...inverse(d),
    // The diagonals of Σ^-1 = WᵀW and of Σ = L Lᵀ: where they are largest the iterations begin.
    ...diagonal("w", d, (j) => each(d - j, (k) => `w${j + k}_${j}`)),
    ...diagonal("l", d, (i) => each(i + 1, (j) => `l${i}_${j}`)),
    ...unitVector("w", "g", "weak", d),
    ...unitVector("l", "h", "strong", d),
    `let low_trace = ${tree(each(d, (i) => `nw${i}`))};`,
    `let high_trace = ${tree(each(d, (i) => `nl${i}`))};`,
    "let low_scale = 1.0 / low_trace;",
    "let high_scale = 1.0 / high_trace;",
    "var low_found = 0.0;",
    "var high_found = 0.0;",
    "let trips = select(0u, GAUSSIAN_TRIPS, low_trace * high_trace > GAUSSIAN_LIMIT);",
    "for (var trip = 0u; trip < trips; trip++) {",
    ...[...timesInverse(d), ...step("g", "b", "low", d), ...timesCovariance(d), ...step("h", "f", "high", d)],
    "}",
    `fault = min(fault, select(GAUSSIAN_FINE, ${2 * d}u + weak, low_found * high_found > GAUSSIAN_LIMIT));`,
  ];
}

/** W = L^-1, diagonal by diagonal: an entry needs those above it in its column. */
function inverse(d: number): readonly string[] {
  const between = (i: number, j: number) => each(i - j, (k) => `l${i}_${j + k} * w${j + k}_${j}`);
  return lowerOf(d).map(([i, j]) => `let w${i}_${j} = ${i === j ? `r${i}` : `-r${i} * ${tree(between(i, j))}`};`);
}

function diagonal(name: string, d: number, terms: (k: number) => readonly string[]): readonly string[] {
  return each(d, (k) => `let n${name}${k} = ${tree(terms(k).map((term) => `${term} * ${term}`))};`);
}

/** The unit vector of the largest entry, and which it is. */
function unitVector(name: string, vector: string, index: string, d: number): readonly string[] {
  return [
    `var ${index} = 0u;`,
    `var most_${name} = n${name}0;`,
    ...each(d - 1, (k) => [
      `${index} = select(${index}, ${k + 1}u, n${name}${k + 1} > most_${name});`,
      `most_${name} = max(most_${name}, n${name}${k + 1});`,
    ]).flat(),
    ...each(d, (j) => `var ${vector}${j} = select(0.0, 1.0, ${index} == ${j}u);`),
  ];
}

/** b = Σ^-1 g = Wᵀ (W g) */
function timesInverse(d: number): readonly string[] {
  return [
    ...each(d, (i) => `let a${i} = ${tree(each(i + 1, (j) => `w${i}_${j} * g${j}`))};`),
    ...each(d, (j) => `let b${j} = ${tree(each(d - j, (k) => `w${j + k}_${j} * a${j + k}`))};`),
  ];
}

/** f = Σ h = L (Lᵀ h) */
function timesCovariance(d: number): readonly string[] {
  return [
    ...each(d, (j) => `let e${j} = ${tree(each(d - j, (k) => `l${j + k}_${j} * h${j + k}`))};`),
    ...each(d, (i) => `let f${i} = ${tree(each(i + 1, (j) => `l${i}_${j} * e${j}`))};`),
  ];
}

/** The Rayleigh quotient, and the next vector; scaled, so that it cannot overflow. */
function step(vector: string, result: string, scale: string, d: number): readonly string[] {
  const dot = (a: string, b: string) => tree(each(d, (i) => `${a}${i} * ${b}${i}`));
  return [
    `${scale}_found = ${dot(vector, result)} / ${dot(vector, vector)};`,
    ...each(d, (i) => `${vector}${i} = ${result}${i} * ${scale}_scale;`),
  ];
}
