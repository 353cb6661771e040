import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "./gpus.ts";
import { type Loop, readAssembly, type Work } from "./loops.ts";
import type { Subject } from "./subject.ts";
import type { Toolchain } from "./toolchain.ts";

/** What a compiler made of one kernel. */
export interface Measured {
  readonly library: string;
  readonly call: string;
  readonly kernel: string;
  readonly invocations?: number;
  /** Registers a lane. */
  readonly registers: number;
  /** Registers of lanes and of subgroups that found no room. */
  readonly spills: number;
  /** Bytes of workgroup memory. */
  readonly shared: number;
  /** Subgroups that a SIMD unit holds at once. */
  readonly inFlight: number;
  readonly instructions: number;
  readonly loops: readonly HotLoop[];
}

/** A loop that does the kernel's work, or all of a kernel without one. */
export interface HotLoop extends Work {
  /** What it is found by: it reads most of all, writes most, or computes most. */
  readonly part: "reads" | "writes" | "reads and writes" | "computes" | "no loop";
}

export interface Compiled {
  readonly driver: string;
  readonly kernels: readonly Measured[];
}

/** Compiles SPIR-V for a target, kernel by kernel, and reads what came of it. */
export function measure(
  subjects: readonly Subject[],
  files: readonly string[],
  target: Target,
  tools: Toolchain,
  folder: string,
): Compiled {
  const texts = join(folder, `${target.family}-${target.wave}`);
  mkdirSync(texts, { recursive: true });
  const { status, stdout, stderr } = spawnSync(tools.compile, [texts, ...files], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      VK_ICD_FILENAMES: tools.radv,
      RADV_FORCE_FAMILY: target.family,
      ...(target.wave === 32 ? { RADV_PERFTEST: "cswave32" } : {}),
    },
  });
  const [head, ...lines] = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  if (status !== 0 || !head || lines.length !== files.length) {
    throw new Error(`${target.name}: compiled ${lines.length} of ${files.length} kernels: ${stderr.slice(-2_000)}`);
  }
  const kernels = lines.map((statistics, k): Measured => {
    const number = (name: string) => Number(statistics[name] ?? 0);
    const { code: _, ...subject } = subjects[k] as Subject;
    return {
      ...subject,
      registers: number("VGPRs"),
      spills: number("Spilled VGPRs") + number("Spilled SGPRs"),
      shared: number("LDS size"),
      inFlight: number("Subgroups per SIMD"),
      instructions: number("Instructions"),
      loops: hotLoops(readFileSync(join(texts, `${k}.s`), "utf8")),
    };
  });
  return { driver: String(head.driver), kernels };
}

/** Zeroing workgroup memory, joining lanes and the like cost less a trip than this. */
const LEAST = 16;

function hotLoops(assembly: string): readonly HotLoop[] {
  const { loops, whole } = readAssembly(assembly);
  const most = (of: (loop: Loop) => number) =>
    loops.reduce<Loop | undefined>((best, loop) => (of(loop) > (best ? of(best) : 0) ? loop : best), undefined);
  const reading = most(({ bytesRead }) => bytesRead);
  const writing = most(({ bytesWritten }) => bytesWritten);
  // Rare samples have loops of their own, behind that of all others.
  const computing = loops.find(({ operations, bytesRead }) => bytesRead === 0 && operations >= LEAST);
  if (reading && reading === writing) return [{ part: "reads and writes", ...workOf(reading) }];
  const found: HotLoop[] = [];
  if (reading) found.push({ part: "reads", ...workOf(reading) });
  if (writing) found.push({ part: "writes", ...workOf(writing) });
  if (found.length === 0 && computing) found.push({ part: "computes", ...workOf(computing) });
  return found.length > 0 ? found : [{ part: "no loop", ...whole }];
}

function workOf({ start: _, ...work }: Loop): Work {
  return work;
}
