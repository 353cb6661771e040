import type { Machine, Plan } from "../../../src/engine/plan.ts";
import * as robotics from "../../../src/robotics/index.ts";

/** A plan of every function of surprisal/robotics that has kernels of its own. */
export function robotPlans(machine: Machine): readonly Plan[] {
  const { dreamer, octo, pi0, vae } = robotics;
  return [robotics, dreamer, octo, pi0, vae].flatMap((functions) =>
    Object.values(functions).flatMap((one) => {
      return typeof one === "function" && "preparations" in one ? one.preparations(machine) : [];
    }),
  );
}
