import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { FunctionName, Library, Task } from "../library.ts";
import type { Problem } from "../problem.ts";
import { versions } from "../versions.ts";

/** TensorFlow.js on its WebGPU backend. */
export async function tensorflow(): Promise<Library> {
  if (!(await tf.setBackend("webgpu"))) throw new Error("TensorFlow.js: no webgpu backend");
  await tf.ready();
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error("TensorFlow.js: its backend is not the WebGPU one");
  const load = async (problem: Problem) => loadOn(backend, problem);
  return { name: "TensorFlow.js", version: versions.tensorflow, device: backend.device, workgroupPerRow: true, load };
}

function loadOn(backend: WebGPUBackend, { logits, targets, rows, classes }: Problem) {
  const x = upload(backend, tf.tensor2d(logits, [rows, classes]));
  let labels: tf.Tensor | undefined;
  // Only dense labels exist there; they are made outside of any timed span.
  const oneHot = () => (labels ??= tf.oneHot(tf.tensor1d(targets, "int32"), classes).toFloat());
  const tasks: Record<FunctionName, () => () => tf.Tensor> = {
    softmax: () => () => tf.softmax(x),
    logSoftmax: () => () => tf.logSoftmax(x),
    logSumExp: () => () => tf.logSumExp(x, -1),
    crossEntropy: () => {
      const dense = oneHot();
      return () => tf.losses.softmaxCrossEntropy(dense, x);
    },
  };
  return {
    task: async (name: FunctionName) => taskOf(backend, tasks[name]()),
    dispose: () => tf.dispose(labels ? [x, labels] : x),
  };
}

/** The first use would upload otherwise, inside the first timed call. */
function upload<T extends tf.Tensor>(backend: WebGPUBackend, tensor: T): T {
  backend.uploadToGPU(tensor.dataId);
  submit(backend);
  return tensor;
}

function submit(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}

function taskOf(backend: WebGPUBackend, call: () => tf.Tensor): Task<tf.Tensor> {
  return {
    call: () => tf.tidy(call),
    // Up to fifteen dispatches wait for company otherwise.
    flush: async () => submit(backend),
    read: async (result) => (await result.data()) as Float32Array,
    free: (result) => result.dispose(),
    dispose: () => {},
  };
}
