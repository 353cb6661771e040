import type { ErrorCode } from "../core/errors.ts";
import type { Refusal } from "./acquire-device.ts";
import type { Adapter } from "./backend.ts";

// Loaded only where there is something to tell: a page that finds a GPU has none of these texts.

/** Why there is no GPU, or not a real one, or why a tuning is ignored; `code` is stable, `fix` is one sentence for the person at the machine. */
export interface Diagnosis {
  readonly code: ErrorCode | "software-adapter" | "asked-for-cpu" | "tuning-ignored";
  readonly message: string;
  readonly fix: string;
  /** What else there is to tell. */
  readonly also?: Diagnosis;
}

/** The diagnosis of a page on which no device could be had. */
export function diagnosisOf({ code, detail }: Refusal): Diagnosis {
  if (code === "no-api") return withoutApi();
  const { message, fix } = REFUSED[code];
  return { code, message: detail === undefined ? message : `${message}: ${detail}`, fix };
}

/** Node has no document, and its own way to WebGPU. */
function withoutApi(): Diagnosis {
  if (globalThis.isSecureContext === false) return INSECURE;
  const { process, document } = globalThis as { process?: { versions?: { node?: string } }; document?: unknown };
  return process?.versions?.node !== undefined && document === undefined ? NO_API_IN_NODE : NO_API;
}

/** The diagnosis of an engine whose device was lost because of `lost`, and that could have no other because of `refusal`. */
export function lostDiagnosis(lost: string, refusal: Refusal): Diagnosis {
  return {
    code: "device-lost",
    message: `${lost}; no other could be had: ${diagnosisOf(refusal).message}`,
    fix: "Reload the page; if that does not help, restart the browser, which gives up on a GPU that keeps failing.",
  };
}

/** The diagnosis of an engine that works, but on a software adapter. */
export function softwareDiagnosis(adapter: Adapter): Diagnosis {
  const name = adapter.description || adapter.architecture || "a software adapter";
  return {
    code: "software-adapter",
    message: `WebGPU runs on the CPU here (${name}): results are right, times say nothing about a GPU.`,
    fix: "Turn on hardware acceleration in the browser's settings, and check chrome://gpu or about:support.",
  };
}

/** The diagnosis of an engine that was given a tuning which `made` says is not one of its own. */
export function tuningDiagnosis(made: string): Diagnosis {
  return {
    code: "tuning-ignored",
    message: `The tuning was made ${made}: it is ignored, and layouts are chosen by the rule.`,
    fix: "Call engine.tune here, and keep its result for this machine.",
  };
}

export const ASKED_FOR_CPU: Diagnosis = {
  code: "asked-for-cpu",
  message: 'The CPU engine runs because backend: "cpu" asked for it.',
  fix: 'Use backend: "auto" to run on the GPU.',
};

const INSECURE: Diagnosis = {
  code: "insecure-context",
  message: "This page is not a secure context, so the browser hides WebGPU from it.",
  fix: "Open the page over https, or from localhost.",
};

const NO_API: Diagnosis = {
  code: "no-api",
  message: "This browser has no WebGPU (navigator.gpu is missing).",
  fix: "Use Chrome or Edge 113+, Safari 26+, or Firefox 141+ (Windows) or 145+ (Apple silicon).",
};

const NO_API_IN_NODE: Diagnosis = {
  code: "no-api",
  message: "Node has no WebGPU of its own (navigator.gpu is missing).",
  fix: 'Pass { gpu } from a WebGPU for Node, such as create([]) of the npm package webgpu, or ask for { backend: "cpu" }.',
};

/** By the rung that gave way. */
const REFUSED: Readonly<Record<Exclude<Refusal["code"], "no-api">, Pick<Diagnosis, "message" | "fix">>> = {
  "adapter-null": {
    message: "This browser has WebGPU, but found no usable GPU.",
    fix: "Turn on hardware acceleration and update the GPU driver; on Linux see chrome://gpu, or about:support in Firefox.",
  },
  "adapter-error": {
    message: "The browser refused to give an adapter",
    fix: "The GPU or its driver is probably blocklisted: update the driver, or try another browser.",
  },
  "device-error": {
    message: "The GPU was found, but gave no device",
    fix: "Close other tabs that use the GPU and reload the page.",
  },
  limits: {
    message: "This GPU offers less than the kernels need",
    fix: "Use a device with core WebGPU limits (compatibility mode is not enough).",
  },
};
