import * as tf from "@tensorflow/tfjs";
import type { GaussianProblem } from "../cases/problem.ts";

/** A way to do a task, to be called within `tf.tidy`. */
export interface Call {
  readonly note: string;
  call(): tf.Tensor[];
}

export function rowCalls(x: tf.Tensor2D): Readonly<Record<string, Call>> {
  return {
    softmax: { note: "", call: () => [tf.softmax(x)] },
    logSoftmax: { note: "", call: () => [tf.logSoftmax(x)] },
    logSumExp: { note: "", call: () => [tf.logSumExp(x, -1)] },
    entropy: {
      note: "−Σ eˡ · l, l = logSoftmax",
      call: () => {
        const log = tf.logSoftmax(x);
        return [tf.neg(tf.sum(tf.mul(tf.exp(log), log), -1))];
      },
    },
  };
}

/** Its losses take dense labels only; a gather of the targets' logits is the other way. */
export function lossWays(x: tf.Tensor2D, hot: tf.Tensor2D, places: tf.Tensor2D): Call[] {
  return [
    { note: "softmaxCrossEntropy on one-hot labels", call: () => [tf.losses.softmaxCrossEntropy(hot, x)] },
    { note: "logSumExp − gatherND", call: () => [tf.mean(tf.sub(tf.logSumExp(x, -1), tf.gatherND(x, places)))] },
  ];
}

export function gradientWays(x: tf.Tensor2D, hot: tf.Tensor2D): Call[] {
  const loss = (x: tf.Tensor) => tf.losses.softmaxCrossEntropy(hot, x as tf.Tensor2D) as tf.Scalar;
  return [
    {
      note: "softmax − one-hot, and the loss",
      call: () => [loss(x), tf.mul(tf.sub(tf.softmax(x), hot), 1 / x.shape[0])],
    },
    {
      note: "valueAndGrad",
      call: () => {
        const { value, grad } = tf.valueAndGrad(loss)(x);
        return [value, grad];
      },
    },
  ];
}

/** With everything that only the parameters decide made ahead. */
export function gaussianCall(
  { mean, std, dimensions: d }: GaussianProblem,
  x: tf.Tensor2D,
  held: <T extends tf.Tensor>(tensor: T) => T,
  slowSums: boolean,
): Call[] {
  const level = -std.reduce((sum, value) => sum + Math.log(value), 0) - (d / 2) * Math.log(2 * Math.PI);
  const centre = held(tf.tensor1d([...mean]));
  const rate = held(tf.tensor1d(std.map((value) => 1 / value)));
  const ones = held(tf.ones([d, 1]));
  const squares = () => tf.square(tf.mul(tf.sub(x, centre), rate));
  const product = {
    note: "−½ z² · 1 + c, z = (x − m) / s, composed",
    call: () => [tf.add(tf.mul(tf.matMul(squares() as tf.Tensor2D, ones as tf.Tensor2D), -0.5), level)],
  };
  const sum = {
    note: "−½ Σ z² + c, z = (x − m) / s, composed",
    call: () => [tf.add(tf.mul(tf.sum(squares(), -1), -0.5), level)],
  };
  return slowSums ? [product] : [product, sum];
}
