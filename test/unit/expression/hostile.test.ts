import { expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { parseFormula } from "../../../src/expression/parse.ts";
import { lower } from "../../../src/expression/program.ts";
import { emitProgram } from "../../../src/expression/wgsl.ts";
import { randomSource } from "../../support/data.ts";

// Whatever the text: a tree or an InputError, soon, and code that holds nothing of it.

const DEEP = 100_000;
const corpus = [
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "prototype", "this", "window", "globalThis"],
  ...["__proto__(x)", "x.__proto__", "x['constructor']", "x[__proto__]", "constructor.constructor('1')()", "x.exp()"],
  ...[
    "import('fs')",
    "require('fs')",
    "eval(x)",
    "new Function('x')",
    "process.exit()",
    "() => 1",
    "`\u0024{1}`",
    "function(){}",
  ],
  ...[
    "x; }",
    "x; } fn h(x:f32)->f32 { loop{} }",
    "loop{}",
    "for(;;){}",
    "while(true){}",
    "x // comment",
    "x /* c */",
    "x # y",
  ],
  ...[
    "@compute",
    "@group(0) x",
    "bitcast<f32>(zero)",
    "math_opaque(x, zero)",
    "f_exp(x, zero)",
    "zero",
    "v0",
    "p0",
    "x0",
    "y0",
  ],
  ...[
    "array<f32, 4>(x)",
    "vec4(x)",
    "let a = 1",
    "a = 1; a",
    "x++",
    "x--",
    "--",
    "++",
    "x+=1",
    "x -> y",
    "x => y",
    "x::y",
    "x.y",
  ],
  ...[
    "\u0000",
    "x\u0000",
    "\u202ex",
    "x\u200b+1",
    "\ufeffx",
    "\u2028",
    "x\u00a0+ 1",
    "\ud800",
    "\udfff\ud800",
    "\u{1f600}",
    "é",
    "xé",
  ],
  ...[
    "\uff11 + \uff12",
    "\u0445",
    "x\u0301",
    "\u221e",
    "\u2211x",
    "\u222b",
    "1\u066b5",
    "\u0661",
    "\u03bb",
    "x\u207b\u00b9",
  ],
  ...[
    "NaN",
    "Infinity",
    "-Infinity",
    "inf",
    "nan",
    "null",
    "undefined",
    "true",
    "false",
    "0x10",
    "0b1",
    "1n",
    "1f",
    "1_000",
    "1,5",
  ],
  ...[
    "1e",
    "1e+",
    "1e400",
    "-1e400",
    "1e-400",
    "9".repeat(400),
    `0.${"0".repeat(400)}1`,
    "1".repeat(38),
    ".",
    "..",
    "1..2",
    "1.e5.",
    ".e1",
  ],
  ...[
    "()",
    "(()",
    "())",
    "[",
    "]",
    "x[",
    "x]",
    "x[[0]]",
    "x[0][0]",
    "x[1e1]",
    `x[${"9".repeat(500)}]`,
    "x[00000]",
    "x[0x0]",
    "{}",
    "{x}",
  ],
  ...[
    "?",
    "x?",
    "x?:",
    "x?1:",
    "?:",
    ":",
    "x?1:2:3",
    ",",
    ",,",
    "min(,)",
    "min(x,,x)",
    "min(x,x,)",
    "min()",
    "(x,x)",
    "exp(x)(x)",
    "exp exp",
  ],
  ...[
    "and",
    "or",
    "not",
    "and and",
    "x and and x",
    "not",
    "not not",
    "!",
    "!!",
    "!=",
    "==",
    "x ==",
    "< x",
    "x <> 1",
    "x =< 1",
    "x === 1",
    "x !== 1",
  ],
  ...[
    "\\",
    '"x"',
    "'x'",
    "$x",
    "x$",
    "a b c",
    "x\n\n+\r\n1\n)",
    "%s%n",
    "\u0024{x}",
    "<script>",
    "<img src=x onerror=alert(1)>",
    "&lt;",
    "%00",
  ],
  ..."(-!+^*/<[,?".split("").flatMap((sign) => [sign.repeat(DEEP), sign.repeat(2000), `x${sign}`.repeat(680)]),
  ...["exp(", "x^(", "-(", "x?x:", "x?(", "not ", "x and ", "x or ", "1+(", "min(x,", "round(", "softplus("].flatMap(
    (part) => [part.repeat(DEEP), part.repeat(Math.floor(2048 / part.length)), `${part.repeat(31)}x${")".repeat(31)}`],
  ),
  "x".repeat(1 << 20),
  " ".repeat(1 << 20),
  "1+".repeat(1 << 19),
  " ".repeat(2048),
  "a".repeat(2048),
  "9".repeat(2048),
  "1e".repeat(1024),
  "x ".repeat(1024),
  `${"(".repeat(1000)}x${")".repeat(1000)}`,
  Array(200).fill("round(x)").join("+"),
  `${"round(".repeat(31)}x${")".repeat(31)}`,
  `hypot(${Array(600).fill("x").join(",")})`,
  `max(${Array(1000).fill("x").join(",")})`,
];

const context = { dimension: 0, where: "of", parameters: ["a", "toString"] };

// The emitted code is made of these words and signs only.
const WORDS =
  /^(?:struct|fn|let|return|f32|u32|bitcast|select|abs|floor|ceil|math_opaque|zero|program|program_(?:In|Out)|f_(?:sqrt|exp|expm1|log|log1p|sin|cos|sinTurns|cosTurns|tanh|pow|erf|erfc|normalQuantile|atan|lgamma|digamma|trigamma)|p|[xpvy][0-9]+)$/;

function outcome(text: string): void {
  let error: unknown;
  try {
    const { code } = emitProgram(lower([parseFormula(text, context)]), "program");
    const words =
      code.replace(/\b[0-9][0-9a-fx.]*(?:e[+-]?[0-9]+)?[fu]?\b/g, " ").match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? [];
    expect(words.filter((word) => !WORDS.test(word))).toEqual([]);
  } catch (caught) {
    error = caught;
  }
  if (error === undefined) return;
  expect(error, text.slice(0, 80)).toBeInstanceOf(InputError);
  // Nothing that could move a terminal's cursor or fill a log.
  expect((error as Error).message).toMatch(/^[ -~\n\u03c0]{1,400}$/);
}

test("the corpus has over 100 texts, and each is read or refused", () => {
  expect(corpus.length).toBeGreaterThan(200);
  for (const text of corpus) outcome(text);
});

test("no text takes longer than 5 ms, at the best of five readings", () => {
  for (const text of corpus) {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      try {
        parseFormula(text, context);
      } catch {}
      return performance.now() - start;
    }).sort((a, b) => a - b);
    expect(times[0], text.slice(0, 60)).toBeLessThan(5);
  }
});

test("20,000 random texts of the formula's own words are read or refused", () => {
  const random = randomSource(8);
  const words =
    "x a exp( min( pow( ( ) ) , + - * / ^ < <= == != and or not ! ? : 1 2.5 1e9 . [ ] x[0] pi e && || toString \u00b7".split(
      " ",
    );
  for (let k = 0; k < 20_000; k++) {
    const count = 1 + Math.floor(random() * 14);
    outcome(
      Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join(random() < 0.5 ? " " : ""),
    );
  }
});

test("20,000 random texts of bytes are read or refused", () => {
  const random = randomSource(9);
  for (let k = 0; k < 20_000; k++) {
    const codes = Array.from({ length: Math.floor(random() * 30) }, () => Math.floor(random() * 256));
    outcome(String.fromCharCode(...codes));
  }
});

test.each([undefined, null, 7, {}, [], Symbol("x"), new String("x")])("%s is no formula", (value) => {
  expect(() => parseFormula(value as unknown as string, context)).toThrow(InputError);
});
