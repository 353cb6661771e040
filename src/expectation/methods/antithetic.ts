import { LARGEST_BELOW_1 } from "../../arithmetic/range.ts";
import { prefixedFormula } from "../../distributions/parts.ts";
import { call, type Expr, number, variable } from "../../expression/expr.ts";
import { meansOfDraws } from "./independent.ts";
import { placeable, type SamplingMethod } from "./method.ts";

/** Pairs of a point and its mirror image: -z for a normal variate, 1 - u for a uniform. A draw is the mean of f over a pair. */
export const antithetic: SamplingMethod = {
  role: "plain",
  samplesPerDraw: 2,
  fixed: false,
  formulas(checked, _, { coefficient }) {
    const plain = placeable(checked, coefficient);
    const images = plain.variates.map((variate, k) => {
      if (variate === "normal") return call("neg", variable(k));
      // 1 - u is exact but for the smallest u, which must not become 1.
      const image = call("sub", number(1), variable(k));
      return call("min", image, number(LARGEST_BELOW_1));
    });
    const outputs = plain.outputs.map((f) => call("mul", number(0.5), call("add", f, ofOthers(f, images))));
    return { ...plain, outputs };
  },
  estimates: meansOfDraws,
};

/** An expression with others in the place of its variables. */
export function ofOthers(expr: Expr, variables: readonly Expr[]): Expr {
  return prefixedFormula(expr, "", (index) => {
    const variable = variables[index];
    if (!variable) throw new RangeError(`x[${index}] stands for nothing`);
    return variable;
  });
}
