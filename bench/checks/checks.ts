import type { Pace } from "../harness/race.ts";
import type { Check } from "./check.ts";

/** What a check is told. */
export interface CheckOptions {
  readonly pace: Pace;
  readonly quick: boolean;
}

/** Checks of our own library on the GPU, which run only when they are named. */
export const checks: Readonly<Record<string, (options: CheckOptions) => Promise<Check>>> = {
  "check/window": async ({ pace }) => {
    const { engine, device } = await ours();
    return (await import("./window.ts")).checkWindow(engine, device, pace);
  },
  "check/large": async () => {
    const { engine, device } = await ours();
    return (await import("./large.ts")).checkLarge(engine, device);
  },
  "check/halves": async ({ pace }) => {
    const { engine, device } = await ours();
    return (await import("./halves.ts")).checkHalves(engine, device, pace);
  },
  "check/tuning": async ({ pace }) => {
    const { device } = await ours();
    return (await import("./tuning.ts")).checkTuning(device, pace);
  },
  "check/transport": async ({ quick }) => {
    const { engine } = await ours();
    return (await import("./transport.ts")).checkTransport(engine, quick ? 1 : 5);
  },
  /** Minutes, and up to ten billion samples. */
  "check/accuracy": async ({ quick }) => {
    const { engine } = await ours();
    return (await import("./accuracy.ts")).checkAccuracy(engine, quick);
  },
};

async function ours() {
  return (await import("../contestants/surprisal-webgpu.ts")).surprisalWebgpu();
}
