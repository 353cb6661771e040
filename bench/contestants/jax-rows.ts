import { jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { RowProblem } from "../cases/problem.ts";
import { oneHot } from "../cases/rows.ts";
import type { Loaded } from "./contestant.ts";
import { type Device, taskOf } from "./jax-task.ts";

const rowBodies: Readonly<Record<string, (x: np.Array) => np.Array>> = {
  softmax: (x) => nn.softmax(x, -1),
  logSoftmax: (x) => nn.logSoftmax(x, -1),
  logSumExp: (x) => nn.logsumexp(x, -1),
  entropy: (x) => {
    const log = nn.logSoftmax(x, -1);
    return np.negative(np.sum(np.exp(log.ref).mul(log), -1));
  },
};

export async function loadRows(problem: RowProblem, device: Device): Promise<Loaded> {
  const { logits, targets, rows, classes } = problem;
  const x = np.array(logits, { shape: [rows, classes], device });
  const ids = np.array(targets, { shape: [rows, 1], dtype: np.int32, device });
  await Promise.all([x.blockUntilReady(), ids.blockUntilReady()]);
  let dense: np.Array | undefined;
  // Made outside of any timed span, and not by its own function, whose indexes overflow from 46,341 classes on.
  const hotTargets = async () => {
    dense ??= await np.array(oneHot(problem), { shape: [rows, classes], device }).blockUntilReady();
    return dense;
  };
  const losses = async () => {
    const hot = await hotTargets();
    return [
      taskOf(jit(gatheredLoss), () => [x.ref, ids.ref], "logsumexp − takeAlongAxis"),
      taskOf(jit(denseLoss), () => [x.ref, hot.ref], "logsumexp − Σ one-hot · x"),
    ];
  };
  const gradients = async () => {
    const hot = await hotTargets();
    return [
      taskOf(jit(explicitGradient), () => [x.ref, hot.ref], "softmax − one-hot, and the loss"),
      taskOf(jit(valueAndGrad(denseLoss)), () => [x.ref, hot.ref], "valueAndGrad"),
    ];
  };
  return {
    tasks: async (name) => {
      if (name === "crossEntropy") return losses();
      if (name === "crossEntropyWithGradient") return gradients();
      const body = rowBodies[name];
      return body ? [taskOf(jit(body), () => [x.ref], name === "entropy" ? "−Σ eˡ · l, l = logSoftmax" : "")] : [];
    },
    dispose: () => {
      for (const array of [x, ids, dense]) array?.dispose();
    },
  };
}

function gatheredLoss(x: np.Array, ids: np.Array): np.Array {
  const picked = np.squeeze(np.takeAlongAxis(x.ref, ids, 1), 1);
  return np.mean(nn.logsumexp(x, -1).sub(picked));
}

function denseLoss(x: np.Array, hot: np.Array): np.Array {
  const picked = np.sum(x.ref.mul(hot), -1);
  return np.mean(nn.logsumexp(x, -1).sub(picked));
}

function explicitGradient(x: np.Array, hot: np.Array): np.Array[] {
  const rows = x.shape[0] ?? 1;
  const gradient = nn
    .softmax(x.ref, -1)
    .sub(hot.ref)
    .mul(1 / rows);
  return [denseLoss(x, hot), gradient];
}
