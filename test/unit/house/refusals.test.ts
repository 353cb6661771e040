import { beforeAll, describe, expect, test } from "vitest";
import {
  crossEntropy,
  crossEntropyWithGradient,
  Engine,
  entropy,
  InputError,
  klDivergence,
  logSoftmax,
  logSumExp,
  rowStatistics,
  softmax,
  type Tensor,
} from "../../../src/index.ts";
import { numbers } from "../../support/numbers.ts";

let engine: Engine;
let x: Tensor;
let matrix: Tensor;
let ints: Tensor;
let scalar: Tensor;
let disposed: Tensor;
let foreign: Tensor;

beforeAll(async () => {
  engine = await Engine.create({ backend: "cpu" });
  const other = await Engine.create({ backend: "cpu" });
  x = engine.tensor([0, 1, 2, 3, 4, 5], [2, 3]);
  matrix = engine.tensor(new Float32Array(6), [3, 2]);
  ints = engine.tensor(Int32Array.of(0, 1, 2, 0, 1, 2), [2, 3]);
  scalar = engine.tensor([1], []);
  disposed = engine.tensor([0, 0], [2]);
  disposed.dispose();
  foreign = other.tensor(new Float32Array(6), [2, 3]);
});

/** Refuses `bad` with exactly these words, and takes the control. */
function refuses(bad: () => unknown, control: () => unknown, words: string, code = "bad-input"): void {
  expect(control).not.toThrow();
  let error: unknown;
  try {
    bad();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).message).toBe(words);
  expect((error as InputError).code).toBe(code);
}

/** A value that the types do not allow. */
function wrongly<T>(value: unknown): T {
  return value as T;
}

const rowFunctions = { softmax, logSoftmax, logSumExp, entropy };

describe.each(Object.entries(rowFunctions))("%s", (name, f) => {
  test("needs f32 logits", () => {
    refuses(
      () => f(ints),
      () => f(x),
      `${name}: logits must be f32, f16 or bf16 [..., classes], got i32 [2, 3]`,
    );
  });

  test("needs an axis of classes", () => {
    refuses(
      () => f(scalar),
      () => f(engine.tensor([1], [1])),
      `${name}: logits must be f32, f16 or bf16 [..., classes], got f32 []`,
    );
  });

  test("needs a tensor", () => {
    const words = `${name}: logits must be a tensor made by engine.tensor or engine.view, got an array of 2`;
    refuses(
      () => f(wrongly([0, 1])),
      () => f(x),
      words,
    );
  });

  test("needs a live tensor", () => {
    const words = `${name}: logits must be a live tensor, got a disposed one`;
    refuses(
      () => f(disposed),
      () => f(x),
      words,
      "disposed",
    );
  });

  test.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** -101, 2 ** 101])(
    "refuses the temperature %d",
    (temperature) => {
      const words = `${name}: temperature must be a finite number from 2^-100 to 2^100, got ${temperature}`;
      refuses(
        () => f(x, { temperature }),
        () => f(x, { temperature: 2 ** 100 }),
        words,
      );
      expect(() => f(x, { temperature: 2 ** -100 })).not.toThrow();
    },
  );

  test.each([[[2, 1]], [[1, 1]], [[0, 4]], [[-1, 2]], [[0.5, 2]], [[0, Number.NaN]], [[0]], [[0, 1, 2]]])(
    "refuses the window %j",
    (classes) => {
      const words = `${name}: classes must be [begin, end) with 0 <= begin < end <= 3, got [${String(classes)}]`;
      refuses(
        () => f(x, { classes: wrongly(classes) }),
        () => f(x, { classes: [0, 3] }),
        words,
      );
      expect(() => f(x, { classes: [2, 3] })).not.toThrow();
    },
  );

  test.each([0, 2, 4, 5, 7])("refuses a mask of %i flags", (length) => {
    const words = `${name}: mask must have 3 flags (one a class) or 6 (one a logit), got ${length}`;
    const mask = new Array<boolean>(length).fill(true);
    refuses(
      () => f(x, { mask }),
      () => f(x, { mask: new Array(6).fill(true) }),
      words,
    );
    expect(() => f(x, { mask: [1, 0, 1] })).not.toThrow();
  });

  const additive =
    "; of a mask that is added to logits, where 0 keeps and -Infinity hides, give mask.map((x) => x === 0)";
  test.each<[unknown, number, string]>([
    [[Number.NEGATIVE_INFINITY, 0, 0], 0, `-Infinity${additive}`],
    [Float32Array.of(0, -1e9, 0), 1, `-1000000000${additive}`],
    [[1, 2, 1], 1, "2"],
    [[true, false, Number.NaN], 2, "NaN"],
    [["0", "1", "1"], 0, '"0"'],
    ["011", 0, "a text"],
    [[1, null, 1], 1, "null"],
    [new Array(3), 0, "undefined"],
    [[1n, 0n, 1n], 0, "1n"],
  ])("refuses the mask %o", (mask, place, got) => {
    const kept = `${name}: mask[${place}] must be true or 1 (kept), false or 0 (hidden), got ${got}`;
    refuses(
      () => f(x, { mask: wrongly(mask) }),
      () => f(x, { mask: [true, 0, 1] }),
      got === "a text" ? `${name}: mask must be a tensor or an array of flags, got "011"` : kept,
    );
  });

  test("refuses a mask of another shape, engine, or a disposed one", () => {
    const ok = () => f(x, { mask: ints });
    refuses(() => f(x, { mask: matrix }), ok, `${name}: mask must have shape [3] or [2, 3], got f32 [3, 2]`);
    const other = `${name}: mask must belong to the same engine, got a tensor of another`;
    refuses(() => f(x, { mask: foreign }), ok, other, "other-engine");
    const gone = engine.tensor([1, 1, 1], [3]);
    gone.dispose();
    refuses(() => f(x, { mask: gone }), ok, `${name}: mask must be a live tensor, got a disposed one`, "disposed");
  });

  test("refuses an `out` of another shape, dtype, engine, or a disposed one", () => {
    const { shape } = f(x);
    const size = shape.reduce((a, b) => a * b, 1);
    const good = engine.tensor(new Float32Array(size), shape);
    const ok = () => f(x, { out: good });
    const must = `${name}: out must be f32 [${shape.join(", ")}], got`;
    refuses(() => f(x, { out: matrix }), ok, `${must} f32 [3, 2]`);
    const whole = engine.tensor(new Int32Array(size), shape);
    refuses(() => f(x, { out: whole }), ok, `${must} i32 [${shape.join(", ")}]`);
    const gone = engine.tensor(new Float32Array(size), shape);
    gone.dispose();
    refuses(() => f(x, { out: gone }), ok, `${name}: out must be a live tensor, got a disposed one`, "disposed");
  });

  test("needs an `out` of the window's width", () => {
    const wide = f(x, { classes: [0, 3] });
    const narrow = f(x, { classes: [0, 2] });
    expect(() => f(x, { classes: [0, 2], out: narrow })).not.toThrow();
    if (name.endsWith("oftmax")) {
      expect(() => f(x, { classes: [0, 2], out: wide })).toThrow(`${name}: out must be f32 [2, 2], got f32 [2, 3]`);
    }
  });
});

test("an `out` of another engine is refused", () => {
  const words = "softmax: out must belong to the same engine, got a tensor of another";
  const out = engine.tensor(new Float32Array(6), [2, 3]);
  refuses(
    () => softmax(x, { out: foreign }),
    () => softmax(x, { out }),
    words,
    "other-engine",
  );
});

describe("klDivergence", () => {
  const name = "klDivergence";

  test("needs two of the same shape, dtype and engine, alive", () => {
    const ok = () => klDivergence(x, x);
    const must = `${name}: qLogits must be f32, f16 or bf16 [2, 3] like pLogits, got`;
    refuses(() => klDivergence(x, matrix), ok, `${must} f32 [3, 2]`);
    refuses(() => klDivergence(x, ints), ok, `${must} i32 [2, 3]`);
    const other = `${name}: qLogits must belong to the same engine, got a tensor of another`;
    refuses(() => klDivergence(x, foreign), ok, other, "other-engine");
    refuses(
      () => klDivergence(x, disposed),
      ok,
      `${name}: qLogits must be a live tensor, got a disposed one`,
      "disposed",
    );
    refuses(
      () => klDivergence(disposed, x),
      ok,
      `${name}: pLogits must be a live tensor, got a disposed one`,
      "disposed",
    );
  });
});

const losses = { crossEntropy, crossEntropyWithGradient };

describe.each(Object.entries(losses))("%s", (name, f) => {
  const ok = () => f(x, [0, 2]);

  test("needs one target a row", () => {
    refuses(() => f(x, [0]), ok, `${name}: targets must be 2 class ids (one a row), got 1`);
    refuses(() => f(x, new Int32Array(3)), ok, `${name}: targets must be 2 class ids (one a row), got 3`);
  });

  test.each([3, -1, 1.5, Number.NaN, 2 ** 32])("refuses the target %d, and names its row", (id) => {
    const words = `${name}: targets[1] must be a class id in [0, 3) or ignoreIndex -100, got ${id}`;
    refuses(() => f(x, [0, id]), ok, words);
  });

  test("takes ignoreIndex as a target, and no other negative", () => {
    expect(() => f(x, [-100, 2])).not.toThrow();
    const words = `${name}: targets[0] must be a class id in [0, 3) or ignoreIndex -1, got -100`;
    refuses(
      () => f(x, [-100, 2], { ignoreIndex: -1 }),
      () => f(x, [-1, 2], { ignoreIndex: -1 }),
      words,
    );
  });

  test.each([0.5, Number.NaN, 2 ** 31, -(2 ** 31) - 1])("refuses the ignoreIndex %d", (ignoreIndex) => {
    const words = `${name}: ignoreIndex must be a 32-bit whole number, got ${ignoreIndex}`;
    refuses(
      () => f(x, [0, 2], { ignoreIndex }),
      () => f(x, [0, 2], { ignoreIndex: -(2 ** 31) }),
      words,
    );
  });

  test("refuses targets that are neither a tensor nor a list", () => {
    const words = `${name}: targets must be a tensor, a list of class ids or an Int32Array, Uint32Array or Float32Array, got`;
    refuses(() => f(x, wrongly({ length: 2 })), ok, `${words} [object Object]`);
    refuses(() => f(x, wrongly(new Float64Array(2))), ok, `${words} [object Float64Array]`);
  });

  test("needs probabilities of the logits' shape", () => {
    const soft = () => f(x, new Float32Array(6));
    refuses(() => f(x, new Float32Array(2)), soft, `${name}: targets as probabilities need 6 values ([2, 3]), got 2`);
    const words = `${name}: targets must be f32 [2, 3] (probabilities), got f32 [3, 2]`;
    refuses(
      () => f(x, matrix),
      () => f(x, engine.tensor(new Float32Array(6), [2, 3])),
      words,
    );
  });

  test("needs a tensor of ids to have one a row, on the same engine, alive", () => {
    const ids = engine.tensor(Int32Array.of(0, 2), [2]);
    const good = () => f(x, ids);
    refuses(() => f(x, ints), good, `${name}: targets must be [2] (one id a row), got i32 [2, 3]`);
    const other = `${name}: targets must belong to the same engine, got a tensor of another`;
    refuses(() => f(x, foreign), good, other, "other-engine");
    const gone = engine.tensor(Int32Array.of(0, 2), [2]);
    gone.dispose();
    refuses(() => f(x, gone), good, `${name}: targets must be a live tensor, got a disposed one`, "disposed");
  });

  test("refuses ignoreIndex with probabilities", () => {
    const soft = new Float32Array(6);
    const words = `${name}: ignoreIndex needs class ids as targets, got probabilities`;
    refuses(
      () => f(x, soft, { ignoreIndex: -100 }),
      () => f(x, soft),
      words,
    );
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the weight %d, and names its class", (bad) => {
    const words = `${name}: weight[1] must be a finite number >= 0, got ${bad}`;
    refuses(
      () => f(x, [0, 2], { weight: [1, bad, 1] }),
      () => f(x, [0, 2], { weight: [1, 0, 1] }),
      words,
    );
  });

  test("needs one weight a class, in f32, on the same engine", () => {
    const good = () => f(x, [0, 2], { weight: Float32Array.of(1, 2, 3) });
    refuses(() => f(x, [0, 2], { weight: [1, 1] }), good, `${name}: weight must have 3 values (one a class), got 2`);
    const words = `${name}: weight must be f32 [3] (one a class), got`;
    refuses(() => f(x, [0, 2], { weight: matrix }), good, `${words} f32 [3, 2]`);
    const whole = engine.tensor(Int32Array.of(1, 1, 1), [3]);
    refuses(() => f(x, [0, 2], { weight: whole }), good, `${words} i32 [3]`);
  });

  test.each([-0.1, 1.1, Number.NaN])("refuses the labelSmoothing %d", (labelSmoothing) => {
    const words = `${name}: labelSmoothing must be from 0 to 1, got ${labelSmoothing}`;
    refuses(
      () => f(x, [0, 2], { labelSmoothing }),
      () => f(x, [0, 2], { labelSmoothing: 1 }),
      words,
    );
  });

  test.each([-1e-4, Number.NaN, Number.POSITIVE_INFINITY])("refuses the zLoss %d", (zLoss) => {
    const words = `${name}: zLoss must be from 0 to 1e6, got ${zLoss}`;
    refuses(
      () => f(x, [0, 2], { zLoss }),
      () => f(x, [0, 2], { zLoss: 1e6 }),
      words,
    );
  });

  test("refuses a misspelt reduction", () => {
    const words = `${name}: reduction must be "mean", "sum" or "none", got "average"`;
    const bad = () => f(x, [0, 2], { reduction: wrongly("average") });
    refuses(bad, () => f(x, [0, 2], { reduction: "none" }), words);
  });

  test("checks the row options too", () => {
    const words = `${name}: temperature must be a finite number from 2^-100 to 2^100, got 0`;
    refuses(() => f(x, [0, 2], { temperature: 0 }), ok, words);
  });
});

test("crossEntropy's `out` has the shape of its reduction", () => {
  const one = engine.tensor([0], []);
  const two = engine.tensor([0, 0], [2]);
  const words = "crossEntropy: out must be f32 [2], got f32 []";
  const good = () => crossEntropy(x, [0, 2], { reduction: "none", out: two });
  refuses(() => crossEntropy(x, [0, 2], { reduction: "none", out: one }), good, words);
  const mean = () => crossEntropy(x, [0, 2], { out: one });
  refuses(() => crossEntropy(x, [0, 2], { out: two }), mean, "crossEntropy: out must be f32 [], got f32 [2]");
});

describe("rowStatistics", () => {
  test("needs class ids, in range, one a row", () => {
    const ok = () => rowStatistics(x, [0, 2]);
    const words = "rowStatistics: targets must be class ids (i32, u32 or a list), got probabilities";
    refuses(() => rowStatistics(x, new Float32Array(6)), ok, words);
    const range = "rowStatistics: targets[0] must be a class id in [0, 3) or ignoreIndex -100, got 3";
    refuses(() => rowStatistics(x, [3, 0]), ok, range);
    refuses(() => rowStatistics(x, [0]), ok, "rowStatistics: targets must be 2 class ids (one a row), got 1");
  });
});

describe("engine.tensor", () => {
  const ok = () => engine.tensor([1, 2], [2]);

  test("needs as many values as its shape holds", () => {
    refuses(() => engine.tensor([1, 2, 3], [2]), ok, "tensor: shape [2] needs 2 values, got an array of 3");
    refuses(
      () => engine.tensor([], []),
      () => engine.tensor([1], []),
      "tensor: shape [] needs 1 values, got an array of 0",
    );
  });

  test.each([[[-1]], [[1.5]], [[Number.NaN]], [2], [undefined], ["2"]])("refuses the shape %j", (shape) => {
    refuses(
      () => engine.tensor([1, 2], wrongly(shape)),
      ok,
      `tensor: shape must be a list of whole numbers >= 0, got ${Array.isArray(shape) ? `[${String(shape)}]` : JSON.stringify(shape)}`,
    );
  });

  test("refuses more elements than a number can count", () => {
    const words = "tensor: shape [1073741824, 1073741824] has more elements than a tensor can hold";
    refuses(
      () => engine.tensor([], [2 ** 30, 2 ** 30]),
      () => engine.tensor([], [2 ** 30, 0]),
      words,
    );
  });

  test.each([
    [new BigInt64Array(2), "[object BigInt64Array]"],
    [new Uint8Array(2), "[object Uint8Array]"],
    [null, "[object Null]"],
    [{ length: 2 }, "[object Object]"],
  ])("refuses data of another kind: %s", (data, kind) => {
    const words = `tensor: data must be a Float32Array, Float64Array, Float16Array, Uint16Array, Uint32Array, Int32Array or list of numbers, got ${kind}`;
    refuses(() => engine.tensor(wrongly(data), [2]), ok, words);
  });

  test.each([
    [["a", 1], '0 "a"'],
    [[1, undefined], "1 undefined"],
    [[null, 1], "0 null"],
    [[1, "2"], '1 "2"'],
    [
      [
        [1, 2],
        [3, 4],
      ],
      "0 an array; give rows one after another, as data.flat() does",
    ],
    [[new Float32Array(2), 1], "0 an array; give rows one after another, as data.flat() does"],
  ])("refuses lists of other things: %j", (data, got) => {
    refuses(() => engine.tensor(wrongly(data), [2]), ok, `tensor: data must hold numbers, got at ${got}`);
  });

  test("rounds a Float64Array to f32, as it does numbers", async () => {
    const data = [0.1, 1 / 3];
    expect(await engine.tensor(new Float64Array(data), [2]).read()).toEqual(Float32Array.from(data));
  });
});

test("random bad options are refused with an InputError, never with anything else", () => {
  const next = numbers(7);
  const odd = [
    undefined,
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    [],
    [0],
    [0, 1],
    [1, 0],
    [0, 1, 2],
    [0.5, 1],
  ];
  const pick = () => wrongly<never>(odd[next(odd.length)]);
  let refused = 0;
  for (let k = 0; k < 5_000; k++) {
    try {
      const window = odd.slice(7)[next(6)];
      crossEntropy(x, [next(4), next(4)], {
        temperature: next(2) ? pick() : 1,
        classes: next(2) ? wrongly(window) : undefined,
        ignoreIndex: next(2) ? pick() : undefined,
        labelSmoothing: next(2) ? pick() : 0,
        zLoss: next(2) ? pick() : 0,
      }).dispose();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(/^crossEntropy: \w+(\[\d\])? must .* got /);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(500);
  expect(refused).toBeLessThan(5_000);
});
