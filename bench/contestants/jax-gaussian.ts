import { jit, lax, numpy as np } from "@jax-js/jax";
import type { GaussianProblem } from "../cases/problem.ts";
import type { Loaded, Task } from "./contestant.ts";
import { type Device, taskOf } from "./jax-task.ts";

export async function loadGaussian(problem: GaussianProblem, device: Device): Promise<Loaded> {
  const { rows, dimensions: d, form } = problem;
  const matrix = form === "matrix";
  const x = np.array(problem.x, { shape: matrix ? [rows, d, 1] : [rows, d], device });
  const held = [x];
  await x.blockUntilReady();
  const task = async () => {
    if (!matrix) return diagonalTask(problem, x);
    const a = np.array(problem.covariance, { shape: [rows, d, d], device });
    held.push(a);
    await a.blockUntilReady();
    return matrixTask(a, x, d);
  };
  return {
    tasks: async () => [await task()],
    dispose: () => {
      for (const array of held) array.dispose();
    },
  };
}

/** With everything that only the parameters decide made ahead. */
function diagonalTask({ mean, std, dimensions: d }: GaussianProblem, x: np.Array): Task {
  const level = -std.reduce((sum, value) => sum + Math.log(value), 0) - (d / 2) * Math.log(2 * Math.PI);
  const centre = np.array([...mean]);
  const rate = np.array(std.map((value) => 1 / value));
  const body = (x: np.Array, centre: np.Array, rate: np.Array) =>
    np
      .sum(np.square(x.sub(centre).mul(rate)), -1)
      .mul(-0.5)
      .add(level);
  return taskOf(jit(body), () => [x.ref, centre.ref, rate.ref], "−½ Σ ((x − m) / s)² + c, composed");
}

/** Its jit refuses the two in one function: "routine primitive triangular_solve input is not imm". */
function matrixTask(a: np.Array, x: np.Array, d: number): Task {
  const rest = jit((factor: np.Array, z: np.Array) => {
    const logs = np.sum(np.log(np.diagonal(factor, 0, 1, 2)), -1);
    const squares = np.sum(np.square(z), [1, 2]);
    return squares
      .mul(-0.5)
      .sub(logs)
      .sub((d / 2) * Math.log(2 * Math.PI));
  });
  const density = Object.assign(
    (a: np.Array, x: np.Array) => {
      const factor = lax.linalg.cholesky(a);
      const z = lax.linalg.triangularSolve(factor.ref, x, { leftSide: true, lower: true });
      return rest(factor, z) as np.Array;
    },
    { dispose: () => rest.dispose() },
  );
  return taskOf(density, () => [a.ref, x.ref], "cholesky, triangularSolve, sums");
}
