import { Engine } from "../../src/index.ts";
import type { Contestant } from "./contestant.ts";
import { ownDevice } from "./own-device.ts";
import { loadOurs } from "./surprisal-tasks.ts";
import { versions } from "./versions.ts";

export interface OursOnGpu extends Contestant {
  readonly engine: Engine;
  readonly device: GPUDevice;
}

let made: Promise<OursOnGpu> | undefined;

/** Our library on the GPU: one engine for as long as the page lives. */
export function surprisalWebgpu(): Promise<OursOnGpu> {
  made ??= make();
  return made;
}

async function make(): Promise<OursOnGpu> {
  const device = await ownDevice();
  const engine = await Engine.create({ backend: "webgpu", device });
  return {
    name: "surprisal WebGPU",
    kind: "webgpu",
    role: "ours",
    version: versions.surprisal,
    device,
    engine,
    load: async (problem) => loadOurs(engine, problem),
    memory: () => {
      const { bytes, pooled } = engine.memory();
      return bytes + pooled;
    },
  };
}
