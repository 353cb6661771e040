import { withSamples } from "../cases/monte-carlo.ts";
import type { Problem } from "../cases/problem.ts";
import { makeRows } from "../cases/rows.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { jax } from "../contestants/jax.ts";
import { tensorflowWebgpu } from "../contestants/tensorflow-webgpu.ts";
import type { PosingGpu } from "./posing.ts";
import type { Subject } from "./subject.ts";

const ROWS = 64;
const CLASSES = 4_096;

/** What jax-js and TensorFlow.js compile for the functions that they are compared in. */
export async function peerKernels(gpu: PosingGpu): Promise<readonly Subject[]> {
  const rows = makeRows(ROWS, CLASSES);
  const subjects: Subject[] = [];
  const makers: readonly (readonly [string, () => Promise<Contestant>])[] = [
    ["jax-js", () => jax("webgpu")],
    ["TensorFlow.js", () => tensorflowWebgpu(false)],
  ];
  for (const [library, make] of makers) {
    const peer = await make();
    for (const task of ["softmax", "logSumExp", "crossEntropy"]) {
      subjects.push(...(await kernelsOf(gpu, peer, rows, task, `${task} [${ROWS}, ${CLASSES}]`, library)));
    }
    subjects.push(...(await kernelsOf(gpu, peer, withSamples(2 ** 18), "expectation", "x² of a normal", library)));
  }
  return subjects;
}

async function kernelsOf(
  gpu: PosingGpu,
  peer: Contestant,
  problem: Problem,
  task: string,
  call: string,
  library: string,
): Promise<readonly Subject[]> {
  const loaded = await peer.load(problem);
  if (!loaded) return [];
  // The ways of one task, of which the first is the library's own function.
  const [way, ...others] = await loaded.tasks(task);
  for (const other of others) other.dispose();
  const dispatched = await gpu.during(async () => way?.answer());
  loaded.dispose();
  return dispatched.map(({ label, code, invocations }, k) => {
    return { library, call, kernel: `${k + 1} ${label}`.trim(), code, invocations };
  });
}
