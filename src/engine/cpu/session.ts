import type { DeviceSession } from "../device-session.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { type Numerics, TRIPS } from "../numerics.ts";
import { CpuBackend } from "./cpu-backend.ts";

/** A CPU engine with this many workers, and why it is one. */
export function cpuSession(threads: number | undefined, diagnosis: Diagnosis): DeviceSession {
  return { backend: new CpuBackend(threads), diagnosis, numerics: CPU_NUMERICS };
}

/** The CPU engine's arithmetic is the one that others are held against. */
export const CPU_NUMERICS: Numerics = Object.freeze({
  exact: true,
  path: "sum",
  sums: true,
  products: true,
  quotients: true,
  roots: true,
  exp: true,
  log: true,
  radius: true,
  angle: true,
  barrier: true,
  fma: true,
  contracts: false,
  fused: false,
  regroups: false,
  subnormals: "kept",
  halves: true,
  nanBits: true,
  nanUnequal: true,
  nonFinite: true,
  exp2Ends: true,
  loopTrips: TRIPS,
  builtinError: Object.freeze({ exp: 0.5, log: 0.5, exp2: 0.5, sin: 0.5, cos: 0.5 }),
});
