import type { EngineStatus } from "./engine-controller.ts";

/** A backend in words for the badge. `kind` picks its mark: ● a GPU, ◐ a GPU made of software, ■ the CPU. */
export interface BackendWords {
  readonly kind: "pending" | "gpu" | "software" | "cpu" | "error";
  readonly mark: string;
  readonly name: string;
  readonly sentence: string;
}

export function backendWords(status: EngineStatus): BackendWords {
  if (status.state === "pending") {
    return { kind: "pending", mark: "○", name: "Starting", sentence: "Looking for a GPU." };
  }
  if (status.state === "error") {
    return { kind: "error", mark: "✕", name: "No engine", sentence: messageOf(status.error) };
  }
  const { backend, adapter } = status.engine;
  if (backend === "cpu") {
    return {
      kind: "cpu",
      mark: "■",
      name: "CPU",
      sentence:
        "The CPU engine computes every number here. The figures are the same as a GPU's; only large ones take longer.",
    };
  }
  if (adapter?.software) {
    return {
      kind: "software",
      mark: "◐",
      name: "Software GPU",
      sentence: `WebGPU runs, on a GPU that is itself software (${adapterName(adapter)}). The numbers are right; its timings say nothing about a real GPU.`,
    };
  }
  const name = adapter ? adapterName(adapter) : "WebGPU";
  return { kind: "gpu", mark: "●", name: `GPU · ${name}`, sentence: `WebGPU computes every number here, on ${name}.` };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function adapterName(adapter: { vendor: string; architecture: string; description: string }): string {
  const { vendor, architecture, description } = adapter;
  return description || [vendor, architecture].filter(Boolean).join(" ") || "a GPU that keeps its name to itself";
}
