import { Engine, type EngineOptions } from "../../src/index.ts";
import { attempt } from "../harness/attempt.ts";
import type { Contestant } from "./contestant.ts";
import { cores } from "./cores.ts";
import { type CpuVariant, cpuVariants } from "./cpu-variants.ts";
import { loadOurs } from "./surprisal-tasks.ts";
import { versions } from "./versions.ts";

const made = new Map<CpuVariant, Promise<Contestant>>();

/** Our library on the CPU: one engine a variant for as long as the page lives. */
export function surprisalCpu(name: CpuVariant): Promise<Contestant> {
  const contestant = made.get(name) ?? make(name);
  made.set(name, contestant);
  return contestant;
}

async function make(name: CpuVariant): Promise<Contestant> {
  const threads = cpuVariants[name];
  const options: EngineOptions & { threads?: number } = {
    backend: "cpu",
    ...(threads === undefined ? {} : { threads }),
  };
  const engine = await attempt(() => Engine.create(options));
  if (engine instanceof Error) throw new Error(`the CPU engine takes no number of threads: ${engine.message}`);
  return {
    name,
    kind: "cpu",
    role: threads === undefined ? "ours" : "variant",
    version: versions.surprisal,
    threads: threads === undefined ? cores() : Math.max(1, threads),
    load: async (problem) => loadOurs(engine, problem),
    memory: () => {
      const { bytes, pooled } = engine.memory();
      return bytes + pooled;
    },
  };
}
