import { floats } from "../../../src/engine/operand.ts";
import type { Machine, Plan } from "../../../src/engine/plan.ts";
import { planGaussian } from "../../../src/gaussian/gaussian.ts";
import { planGaussianNll } from "../../../src/gaussian/gaussian-nll.ts";
import { type GaussianParameters, readGaussian } from "../../../src/gaussian/options.ts";

const NOTHING = { root: false, gradients: [] } as const;

/** Plans of the Gaussian functions that between them use all of their kernels. */
export function gaussianPlans({ limits, ...rest }: Machine): Readonly<Record<string, Plan>> {
  // 64 rows of a matrix each must fit a binding.
  const machine = { ...rest, limits: { ...limits, maxStorageBufferBindingSize: 2 ** 27 } };
  const plan = (
    shape: readonly number[],
    parameters: GaussianParameters,
    asked: Parameters<typeof planGaussian>[1] = NOTHING,
  ) => planGaussian(readGaussian(floats(shape), parameters, "gaussianLogDensity"), asked, machine);
  // Parameters in GPU buffers are operands here.
  const onGpu = (shape: readonly number[]) => floats(shape) as never;
  return {
    gaussian: plan([9, 7], { mean: onGpu([7]), std: onGpu([7]) }),
    gaussianDistance: plan([9, 7], { mean: onGpu([7]), std: onGpu([7]) }, { root: true, gradients: [] }),
    gaussianOnGpu: plan([9, 7], { mean: onGpu([7]), std: onGpu([7]) }),
    gaussianRows: plan([9, 40], { mean: onGpu([40]), variance: onGpu([9, 40]) }),
    gaussianOwn: plan([9, 7], { mean: onGpu([9, 7]), std: onGpu([9, 7]) }),
    gaussianOwnSpread: plan([9, 7], { mean: onGpu([7]), variance: onGpu([9, 7]) }),
    gaussianMatrix: plan([9, 7], { mean: onGpu([7]), covariance: onGpu([9, 7, 7]) }),
    gaussianFactor: plan([9, 7], { mean: onGpu([9, 7]), scaleTril: onGpu([9, 7, 7]) }),
    gaussianLarge: plan([9, 40], { mean: onGpu([40]), covariance: onGpu([9, 40, 40]) }),
    gaussianShared: plan([9, 20], { mean: onGpu([20]), scaleTril: onGpu([20, 20]) }),
    gaussianGradient: plan(
      [700, 7],
      { mean: onGpu([7]), std: onGpu([7]) },
      { root: false, gradients: ["x", "mean", "std"], summed: ["mean"] },
    ),
    gaussianNll: planGaussianNll(floats([9, 7]), floats([9, 7]), floats([9, 1]), {}, machine),
    gaussianNllNone: planGaussianNll(floats([9, 7]), floats([9, 7]), floats([9, 7]), { reduction: "none" }, machine),
  };
}

/** The plan of a mean that lies between f32 numbers, which the host has. */
export function planBetweenFloats(machine: Machine): Plan {
  const parameters = { mean: [1e6 + 0.3, 0.1, 0], std: [0.1, 1, 1] };
  return planGaussian(readGaussian(floats([9, 3]), parameters, "gaussianLogDensity"), NOTHING, machine);
}
