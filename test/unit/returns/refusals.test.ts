import { describe, expect, test } from "vitest";
import {
  type AdvantageOptions,
  Engine,
  generalizedAdvantageEstimation,
  InputError,
  type LambdaReturnOptions,
  lambdaReturn,
  type NormalizeOptions,
  normalizeAdvantages,
  type Tensor,
} from "../../../src/index.ts";

const engine = await Engine.create({ backend: "cpu" });
const other = await Engine.create({ backend: "cpu" });
const zeros = (...shape: number[]) => engine.tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
const ids = (...shape: number[]) => engine.tensor(new Uint32Array(shape.reduce((a, b) => a * b, 1)), shape);

/** Refused by an InputError that says each of the words. */
function refused(work: () => unknown, ...words: string[]): void {
  let error: unknown;
  try {
    work();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(InputError);
  for (const word of words) expect((error as InputError).message).toContain(word);
}

describe("generalizedAdvantageEstimation", () => {
  const call = (rewards: Tensor, values: Tensor, dones: Tensor, options?: AdvantageOptions) =>
    generalizedAdvantageEstimation(rewards, values, dones, options);

  test("the call that the others differ from passes", () => {
    expect(call(zeros(3, 2), zeros(4, 2), zeros(3, 2)).returns.shape).toEqual([3, 2]);
  });

  test("names the argument whose shape or type does not fit", () => {
    refused(() => call(ids(3, 2), zeros(4, 2), zeros(3, 2)), "rewards must be f32", "u32 [3, 2]");
    refused(() => call(zeros(), zeros(), zeros()), "rewards must be f32 [steps, ...]");
    refused(() => call(zeros(3, 2), zeros(3, 2), zeros(3, 2)), "values must be f32 [4, 2]", "f32 [3, 2]");
    refused(() => call(zeros(3, 2), zeros(4), zeros(3, 2)), "values must be f32 [4, 2]", "f32 [4]");
    refused(() => call(zeros(3, 2), ids(4, 2), zeros(3, 2)), "values must be f32 [4, 2]", "u32");
    refused(() => call(zeros(3, 2), zeros(4, 2), zeros(4, 2)), "dones must be f32 or u32 or i32 [3, 2]");
  });

  test("names what is no tensor, is of another engine, or was disposed", () => {
    const gone = zeros(3, 2);
    gone.dispose();
    refused(() => call(zeros(3, 2), [1] as unknown as Tensor, zeros(3, 2)), "values must be a tensor", "an array of 1");
    refused(
      () => call(zeros(3, 2), zeros(4, 2), other.tensor(new Float32Array(6), [3, 2])),
      "dones",
      "the engine of rewards",
    );
    refused(() => call(gone, zeros(4, 2), zeros(3, 2)), "rewards", "disposed");
  });

  test("takes gamma and lambda from 0 to 1, both included", () => {
    const args = [zeros(3, 2), zeros(4, 2), zeros(3, 2)] as const;
    for (const value of [0, 1]) call(...args, { gamma: value, lambda: value });
    for (const name of ["gamma", "lambda"]) {
      for (const value of [-0.1, 1.1, Number.NaN, "1"]) {
        refused(() => call(...args, { [name]: value }), `${name} must be a number from 0 to 1`, String(value));
      }
    }
    refused(() => call(...args, { gama: 1 } as AdvantageOptions), "no option 'gama'", "gamma, lambda");
    refused(() => call(...args, 0.99 as AdvantageOptions), "needed options { gamma, lambda }", "0.99");
  });
});

describe("lambdaReturn", () => {
  const call = (end: Tensor, last: Tensor, options?: LambdaReturnOptions) =>
    lambdaReturn(zeros(3, 2), zeros(3, 2), end, last, options);

  test("the call that the others differ from passes, with flags of two types too", () => {
    expect(call(zeros(3, 2), zeros(3, 2)).shape).toEqual([2, 2]);
    expect(call(ids(3, 2), engine.tensor(new Int32Array(6), [3, 2])).shape).toEqual([2, 2]);
  });

  test("names the argument that does not fit", () => {
    refused(() => lambdaReturn(zeros(0, 2), zeros(0, 2), zeros(0, 2), zeros(0, 2)), "rewards", "a row more");
    refused(() => lambdaReturn(zeros(3, 2), zeros(4, 2), zeros(3, 2), zeros(3, 2)), "values must be f32 [3, 2]");
    refused(() => call(zeros(2, 2), zeros(3, 2)), "terminals must be f32 or u32 or i32 [3, 2]");
    refused(() => call(zeros(3, 2), ids(3, 2)), "lasts must be f32 [3, 2]", "u32");
    refused(() => call(ids(3, 2), zeros(3, 2)), "lasts must be u32 or i32 [3, 2]", "f32");
    refused(() => call(zeros(3, 2), zeros(3, 2), { discount: 2 }), "discount", "2");
    refused(() => call(zeros(3, 2), zeros(3, 2), { lambda: -1 }), "lambda", "-1");
  });
});

describe("normalizeAdvantages", () => {
  const call = (x: Tensor, options?: NormalizeOptions) => normalizeAdvantages(x, options);

  test("the call that the others differ from passes", () => {
    expect(call(zeros(3, 2), { minibatch: 3 }).shape).toEqual([3, 2]);
  });

  test("names what does not fit", () => {
    refused(() => call(ids(4)), "advantages must be f32", "u32 [4]");
    for (const epsilon of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e39]) {
      refused(() => call(zeros(4), { epsilon }), "epsilon", String(epsilon));
    }
    for (const minibatch of [0, 1, 2.5, -2, Number.NaN]) {
      refused(() => call(zeros(4), { minibatch }), "minibatch must be a whole number >= 2", String(minibatch));
    }
  });

  test("refuses a minibatch of one, which has no standard deviation", () => {
    refused(() => call(zeros(1)), "needs two advantages, got one");
    refused(() => call(zeros(7), { minibatch: 3 }), "7 in minibatches of 3, of which the last has one");
    expect(call(zeros(8), { minibatch: 3 }).shape).toEqual([8]);
  });
});
