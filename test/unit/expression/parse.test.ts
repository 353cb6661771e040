import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { call, type Expr, number, parameter, variable } from "../../../src/expression/expr.ts";
import { FormulaError } from "../../../src/expression/formula-error.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { printFormula } from "../../../src/expression/print.ts";
import { randomSource } from "../../support/data.ts";
import {
  BASIC_OPERATIONS,
  ELEMENTARY_OPERATIONS,
  NUMBERS,
  randomExpression,
} from "../../support/expression/random-expressions.ts";

const scalar = { dimension: 0, where: "of" };
const vector = { dimension: 3, where: "of", parameters: ["a", "b", "alpha"] };
const parse = (text: string) => parseFormula(text, scalar);
const inVector = (text: string) => parseFormula(text, vector);

const x = variable(0);
const n = number;

function errorOf(text: string, context = scalar): Error {
  try {
    parseFormula(text, context);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error(`${text.slice(0, 60)} was not refused`);
}

describe("precedence and associativity", () => {
  test.each<[string, string]>([
    ["1 - 2 - 3", "(1 - 2) - 3"],
    ["8 / 4 / 2", "(8 / 4) / 2"],
    ["8 / 4 * 2", "(8 / 4) * 2"],
    ["1 + 2 * 3", "1 + (2 * 3)"],
    ["2 ^ 3 ^ 4", "2 ^ (3 ^ 4)"],
    ["-x^2", "-(x^2)"],
    ["-2^x", "-(2^x)"],
    ["2^-x^2", "2^(-(x^2))"],
    ["-x * 3", "(-x) * 3"],
    ["x * -3", "x * (-3)"],
    ["x - -3", "x - (-3)"],
    ["+x", "x"],
    ["1 + x < 2 * x", "(1 + x) < (2 * x)"],
    ["not x < 1", "not (x < 1)"],
    ["!x < 1", "not (x < 1)"],
    ["not not x", "not (not x)"],
    ["x < 1 and x > 0 or x == 5", "((x < 1) and (x > 0)) or (x == 5)"],
    ["x < 1 || x > 0 && x == 5", "(x < 1) or ((x > 0) and (x == 5))"],
    ["not x and x", "(not x) and x"],
    ["x ? 1 : x ? 2 : 3", "x ? 1 : (x ? 2 : 3)"],
    ["x ? x ? 1 : 2 : 3", "x ? (x ? 1 : 2) : 3"],
    ["x < 0 or x > 1 ? 1 : 2", "((x < 0) or (x > 1)) ? 1 : 2"],
    ["x + 1 ? 1 + 2 : 3 + 4", "(x + 1) ? (1 + 2) : (3 + 4)"],
    ["x[0]", "x"],
    ["  x\t+\n1 ", "x+1"],
    ["where(x > 0, 1, 2)", "x > 0 ? 1 : 2"],
    ["select(x > 0, 1, 2)", "x > 0 ? 1 : 2"],
    ["e^x", "exp(x)"],
    ["e^-x^2", "exp(-x^2)"],
    ["pow(x, 3)", "x^3"],
    ["min(x, 1, 2)", "min(min(x, 1), 2)"],
    [".5 + 5. + 1e3 + 1E-3 + 1.5e+2", "0.5 + 5 + 1000 + 0.001 + 150"],
  ])("%s is %s", (text, same) => {
    expect(parse(text)).toEqual(parse(same));
  });

  test("the tree is the one of the definitions", () => {
    expect(parse("exp(-x^2)")).toEqual(call("exp", call("neg", call("pow", x, n(2)))));
    expect(parse("1 - x / 2")).toEqual(call("sub", n(1), call("div", x, n(2))));
    expect(parse("x >= 1 ? pi : e")).toEqual(call("select", call("ge", x, n(1)), n(Math.PI), n(Math.E)));
    expect(inVector("x[2] * alpha")).toEqual(call("mul", variable(2), parameter("alpha")));
    expect(parse("-3")).toEqual(n(-3));
    expect(parse("-(3)")).toEqual(call("neg", n(3)));
    expect(parse("clamp(x, 0, 1)")).toEqual(call("min", call("max", x, n(0)), n(1)));
  });

  test("short chains join from the left, long ones in halves", () => {
    const height = (expr: Expr): number => (expr.kind === "call" ? 1 + Math.max(...expr.args.map(height)) : 0);
    expect(height(parse(Array(8).fill("x").join("+")))).toBe(7);
    expect(height(parse(Array(9).fill("x").join("+")))).toBe(4);
    expect(height(parse(Array(200).fill("x").join(" - ")))).toBe(8);
    expect(height(parse(Array(200).fill("x").join("*")))).toBe(8);
  });

  test("halves keep the signs of a long sum", () => {
    const signs = "+--+-++---+-+-+";
    const text = `1${[...signs].map((sign, k) => `${sign}${2 ** (k + 1)}`).join("")}`;
    const want = [...signs].reduce((sum, sign, k) => sum + (sign === "-" ? -1 : 1) * 2 ** (k + 1), 1);
    const value = (expr: Expr): number => {
      if (expr.kind === "number") return expr.value;
      const [a = 0, b = 0] = expr.kind === "call" ? expr.args.map(value) : [];
      return expr.kind === "call" && expr.operation === "sub" ? a - b : a + b;
    };
    expect(value(parse(text))).toBe(want);
  });
});

describe("errors", () => {
  test.each<[text: string, position: number, message: RegExp]>([
    ["", 0, /expected a value, got the end/],
    ["   ", 3, /expected a value, got the end/],
    ["2x", 1, /a product needs its sign, 2\*x/],
    ["2 x", 2, /2\*x/],
    ["2(x)", 1, /2\*\(/],
    ["(x)(x)", 3, /\)\*\(/],
    ["x(2)", 1, /x\*\(/],
    ["x x", 2, /x\*x/],
    ["x 2", 2, /x\*2/],
    ["3exp(x)", 1, /3\*exp/],
    ["x +", 3, /expected a value, got the end/],
    ["x + * 2", 4, /expected a value, got '\*'/],
    ["x ** 2", 3, /a power is written \^/],
    ["(x + 1", 6, /expected an operator or '\)' for the '\(' at 1, got the end/],
    ["x + 1)", 5, /expected an operator or the end of the formula, got '\)'/],
    ["exp x", 4, /exp is a function: expected '\(', got 'x'/],
    ["exp", 3, /exp is a function: expected '\(', got the end/],
    ["exp()", 0, /expected 1 argument of exp, got 0/],
    ["1 + pow(x)", 4, /expected 2 arguments of pow, got 1/],
    ["min(x)", 0, /expected at least 2 arguments of min, got 1/],
    ["clamp(x, 1)", 0, /expected 3 arguments of clamp, got 2/],
    ["exp(x", 5, /expected an operator, ',' or the '\)' of exp, got the end/],
    ["exp(x,)", 6, /expected a value, got '\)'/],
    ["x, 1", 1, /got ','/],
    ["exq(x)", 0, /unknown name 'exq': did you mean exp\?/],
    ["1 + sqr(x)", 4, /did you mean sqrt\?/],
    ["normalcdf(x)", 0, /did you mean normalCdf\?/],
    ["PI", 0, /did you mean pi\?/],
    ["Exp(x)", 0, /did you mean exp\?/],
    ["ln(x)", 0, /the natural logarithm is log/],
    ["y", 0, /unknown name 'y'/],
    ["theta", 0, /unknown name 'theta': expected x, a constant or a function/],
    ["x[1]", 2, /expected x, got x\[1\]/],
    ["x[i]", 2, /expected a whole number in x\[\.\.\.\], got 'i'/],
    ["x[0.5]", 2, /whole number/],
    ["x[-1]", 2, /whole number in x\[\.\.\.\], got '-'/],
    ["x[0", 3, /expected '\]', got the end/],
    ["x[]", 2, /whole number/],
    ["0 < x < 1", 6, /comparisons do not chain: write a < b and b < c/],
    ["x = 1", 2, /equality is written ==/],
    ["x & 1", 2, /'and' is written and or &&/],
    ["|x|", 0, /an absolute value abs\(x\)/],
    ["x % 2", 2, /there is no remainder/],
    ["1 + not x", 4, /expected a value, got 'not': put it in parentheses/],
    ["1 + !x", 4, /expected a value, got '!'/],
    ["and", 0, /expected a value, got 'and'/],
    ["x and", 5, /expected a value, got the end/],
    ["x or or x", 5, /expected a value, got 'or'/],
    ["x ? 1", 5, /expected ':' and the value where the condition does not hold, got the end/],
    ["x ? 1 2", 6, /expected ':'/],
    ["x : 1", 2, /got ':'/],
    ["1.2.3", 0, /one decimal point, got 1\.2\.3/],
    ["1e39", 0, /needed a number that f32 can hold/],
    ["x + 1e-39", 4, /needed a number that f32 can hold/],
    ["1e999", 0, /needed a number that f32 can hold/],
    ["1e-999", 0, /too close to 0/],
    ["x \u2212 1", 2, /U\+2212 has no meaning in a formula: the minus sign is written -/],
    ["2\u00d7x", 1, /a product is written \*/],
    ["x\u00b2", 1, /a square is written \^2/],
    ["\u03c0", 0, /is written pi/],
    ["x + \u{1f600}", 4, /U\+1F600 has no meaning in a formula, which is plain ASCII/],
    ["x;", 1, /';' has no meaning/],
    ["'x'", 0, /''' has no meaning/],
    ["x\u0000", 1, /U\+0000/],
    ["__proto__", 0, /unknown name '__proto__'/],
    ["constructor(x)", 0, /unknown name 'constructor'/],
  ])("%j at %i", (text, position, message) => {
    const error = errorOf(text);
    expect(error).toBeInstanceOf(FormulaError);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ position, code: "bad-input", name: "FormulaError" });
    const [problem = "", line = "", caret = ""] = error.message.split("\n");
    expect(problem).toMatch(message);
    expect(problem.startsWith("of: ")).toBe(true);
    expect(caret.indexOf("^")).toBe(2 + position);
    expect(line).toHaveLength(2 + text.length);
  });

  test("a vector's names are told apart", () => {
    expect(errorOf("x + 1", vector).message).toMatch(/x is a vector: expected x\[0\] to x\[2\], got x/);
    expect(errorOf("x[3]", vector).message).toMatch(/expected x\[0\] to x\[2\], got x\[3\]/);
    expect(errorOf("x1 + 1", vector).message).toMatch(/a coordinate is written x\[0\]/);
    expect(errorOf("x[0] + alhpa", vector)).toMatchObject({ position: 7 });
    expect(errorOf("x[0] + alhpa", vector).message).toMatch(/did you mean alpha\?/);
    expect(errorOf("gamma", vector).message).toMatch(/did you mean lgamma\?/);
    expect(errorOf("theta", vector).message).toMatch(/parameters a, b, alpha/);
  });

  test("a long formula is shown around the fault, and the caret stays under it", () => {
    const text = `${"x + ".repeat(200)}y${" + x".repeat(200)}`;
    const [, line = "", caret = ""] = errorOf(text).message.split("\n");
    expect(line.length).toBeLessThan(80);
    expect(line[caret.indexOf("^")]).toBe("y");
    expect(errorOf(text)).toMatchObject({ position: 800 });
  });

  test.each([
    [["x"], /without another meaning, got 'x'/],
    [["exp"], /without another meaning/],
    [["e"], /without another meaning/],
    [["1a"], /needed a parameter's name/],
    [["a b"], /needed a parameter's name/],
    [[""], /needed a parameter's name/],
    [["a", "a"], /got 'a' twice/],
  ])("parameters %j are refused", (parameters, message) => {
    expect(() => parseFormula("1", { ...scalar, parameters })).toThrow(message);
    expect(() => parseFormula("1", { ...scalar, parameters })).toThrow(InputError);
  });

  test("names of Object.prototype can be parameters and nothing else", () => {
    const context = { ...scalar, parameters: ["constructor", "__proto__", "toString"] };
    expect(parseFormula("__proto__ + constructor", context)).toEqual(
      call("add", parameter("__proto__"), parameter("constructor")),
    );
    expect(() => parseFormula("valueOf", context)).toThrow(FormulaError);
  });
});

describe("caps", () => {
  const sum = (terms: number) => Array(terms).fill("x").join("+");

  test.each<[string, string, string]>([
    ["characters", `x${" ".repeat(2047)}`, `x${" ".repeat(2048)}`],
    ["parentheses", `${"(".repeat(32)}x${")".repeat(32)}`, `${"(".repeat(33)}x${")".repeat(33)}`],
    ["calls", `${"abs(".repeat(32)}x${")".repeat(32)}`, `${"abs(".repeat(33)}x${")".repeat(33)}`],
    ["signs", `${"-".repeat(32)}x`, `${"-".repeat(33)}x`],
    ["nots", `${"!".repeat(32)}x`, `${"!".repeat(33)}x`],
    ["exponents", `x${"^x".repeat(32)}`, `x${"^x".repeat(33)}`],
    ["choices", `${"x?1:".repeat(32)}x`, `${"x?1:".repeat(33)}x`],
    ["operations", `-(${sum(256)})`, `--(${sum(256)})`],
    ["transcendental calls", Array(64).fill("sin(x)").join("+"), Array(65).fill("sin(x)").join("+")],
    ["powers", Array(64).fill("x^x").join("+"), Array(65).fill("x^x").join("+")],
    ["large numbers", "3.4028235e38", "3.4028236e38"],
    ["small numbers", "1.1754944e-38", "1.175494e-38"],
  ])("%s: the last that fits, and the next", (_, fits, next) => {
    expect(() => parse(fits)).not.toThrow();
    expect(() => parse(next)).toThrow(InputError);
  });

  test("16 variables, whatever the dimension", () => {
    const context = { dimension: 100, where: "of" };
    expect(() => parseFormula("x[15]", context)).not.toThrow();
    expect(() => parseFormula("x[16]", context)).toThrow(/needed x\[0\] to x\[15\]/);
  });

  test("powers that become products, square roots and derived functions do not count as transcendental", () => {
    for (const power of ["x^2", "x^-3", "x^16", "x^0.5"]) {
      expect(() => parse(Array(100).fill(power).join("+"))).not.toThrow();
    }
    expect(() => parse(Array(90).fill("sqrt(x)").join("+"))).not.toThrow();
  });

  test("sums of 200 terms fit", () => {
    expect(() => parse(sum(200))).not.toThrow();
    expect(() => parse(Array(200).fill("3").join("*"))).not.toThrow();
  });
});

describe("print", () => {
  const kind = {
    operations: [...BASIC_OPERATIONS, ...ELEMENTARY_OPERATIONS],
    numbers: NUMBERS,
    variables: 3,
    parameters: ["a", "b", "alpha"],
  };

  test("4,000 random trees come back as they were", () => {
    const random = randomSource(3);
    for (let k = 0; k < 4000; k++) {
      const expr = randomExpression(random, k % 30, kind);
      const text = printFormula(expr, 3);
      if (text.length > 2048) continue;
      let again: Expr;
      try {
        again = inVector(text);
      } catch (error) {
        // Nested deeper, or longer, than what may be written.
        if (error instanceof Error && /needed at most/.test(error.message)) continue;
        throw error;
      }
      expect(again, text).toEqual(expr);
    }
  });

  test("random chains come back as they were", () => {
    const random = randomSource(4);
    const operations = [
      [
        ["add", 2],
        ["sub", 2],
      ],
      [
        ["mul", 2],
        ["div", 2],
      ],
      [["mul", 2]],
      [
        ["add", 2],
        ["mul", 2],
      ],
    ] as const;
    for (let k = 0; k < 1000; k++) {
      const chains = { ...kind, operations: operations[k % 4] ?? operations[0] };
      const expr = randomExpression(random, k % 40, chains);
      const text = printFormula(expr, 3);
      if (text.length < 2000) expect(inVector(text), text).toEqual(expr);
    }
  });

  test.each([
    "x",
    "-x^2",
    "(-x)^2",
    "(-2)^x",
    "-(2)",
    "--2",
    "2^-x",
    "(x^2)^3",
    "x^2^3",
    "1 - (2 - 3)",
    "1 - 2 - 3",
    "x / (2 * x)",
    "(x + 1) * (x - 1)",
    "exp(-x^2 / 2) / sqrt(2 * pi)",
    "x < 1 and not (x < 0 or x > 2)",
    "(x < 1) == (x > 0)",
    "x < 0 ? -x : x",
    "(x < 0 ? 1 : 2) + 1",
    "min(x, 1)",
    "1e-7 + 1e+21 + pi + e",
    Array(9).fill("x").join(" + "),
    Array(9).fill("x").join(" * "),
    Array(200).fill("x").join(" - "),
    `${Array(8).fill("x").join(" + ")} - (x + 1)`,
  ])("%s is printed as it is", (text) => {
    expect(printFormula(parse(text))).toBe(text);
  });

  test.each([
    ["((x))+(1*2)", "x + 1 * 2"],
    ["where(x>0,1,0)", "x > 0 ? 1 : 0"],
    ["relu(x)", "max(0, x)"],
    ["lgamma(x) - digamma(x) + trigamma(x)", "lgamma(x) - digamma(x) + trigamma(x)"],
    ["atan(x) + acos(x)", "atan(x) + 2 * atan(sqrt((1 - x) / (1 + x)))"],
    ["((((((((x+1)+2)+3)+4)+5)+6)+7)+8)", "(x + 1) + 2 + 3 + 4 + 5 + 6 + 7 + 8"],
    ["(x+1)+2", "x + 1 + 2"],
    ["!(x<1)&&x>=0", "not x < 1 and x >= 0"],
  ])("%s is printed as %s", (text, printed) => {
    expect(printFormula(parse(text))).toBe(printed);
  });

  test("a tree whose text would explode is refused", () => {
    let expr: Expr = x;
    for (let k = 0; k < 100; k++) expr = call("add", expr, expr);
    expect(() => printFormula(expr)).toThrow(/at most 65536 characters/);
  });
});
