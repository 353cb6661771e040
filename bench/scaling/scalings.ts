import type { Context } from "../benchmark.ts";
import type { Scaling } from "./scaling.ts";

export interface ScalingJob {
  readonly id: string;
  run(context: Context): Promise<Scaling>;
}

export const scalings: readonly ScalingJob[] = [];
