import type { ErrorCode } from "../core/errors.ts";
import type { Adapter } from "./backend.ts";

/** Why there is no GPU, or not a real one; `code` is stable, `fix` is one sentence for the person at the machine. */
export interface Diagnosis {
  readonly code: ErrorCode | "software-adapter" | "asked-for-cpu";
  readonly message: string;
  readonly fix: string;
}

export interface DeviceRequest {
  readonly gpu?: GPU | undefined;
  readonly powerPreference?: GPUPowerPreference | undefined;
}

export type Acquired = { readonly device: GPUDevice; readonly adapter: Adapter } | { readonly diagnosis: Diagnosis };

/** Asks for an adapter and a device with the adapter's own limits, and says which rung of the ladder gave way. */
export async function acquireDevice(request: DeviceRequest): Promise<Acquired> {
  const gpu = request.gpu ?? (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) return { diagnosis: withoutApi() };
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter(request.powerPreference ? { powerPreference: request.powerPreference } : {});
  } catch (error) {
    return { diagnosis: { ...ADAPTER_ERROR, message: `${ADAPTER_ERROR.message}: ${said(error)}` } };
  }
  if (!adapter) return { diagnosis: ADAPTER_NULL };
  const lacking = missingLimits(adapter.limits);
  if (lacking) return { diagnosis: { ...LIMITS, message: `${LIMITS.message}: ${lacking}` } };
  try {
    const device = await adapter.requestDevice({ label: "surprisal", requiredLimits: wantedLimits(adapter.limits) });
    return { device, adapter: describeAdapter(adapter.info) };
  } catch (error) {
    return { diagnosis: { ...DEVICE_ERROR, message: `${DEVICE_ERROR.message}: ${said(error)}` } };
  }
}

/** Node has no document, and its own way to WebGPU. */
function withoutApi(): Diagnosis {
  if (globalThis.isSecureContext === false) return INSECURE;
  const { process, document } = globalThis as { process?: { versions?: { node?: string } }; document?: unknown };
  return process?.versions?.node !== undefined && document === undefined ? NO_API_IN_NODE : NO_API;
}

/** A device of the caller's own, unless its limits are too small. */
export function adoptDevice(device: GPUDevice): Acquired {
  const lacking = missingLimits(device.limits);
  if (lacking) return { diagnosis: { ...LIMITS, message: `${LIMITS.message}: ${lacking}` } };
  return { device, adapter: describeAdapter(device.adapterInfo) };
}

/** What is known of an adapter; a device that the caller made may not tell. */
function describeAdapter(info: GPUAdapterInfo | undefined): Adapter {
  const { vendor = "", architecture = "", description = "" } = info ?? {};
  const named = SOFTWARE.test(`${vendor} ${architecture} ${description} ${info?.device ?? ""}`);
  return { vendor, architecture, description, software: info?.isFallbackAdapter === true || named };
}

/** The diagnosis of an engine that works, but on a software adapter. */
export function softwareDiagnosis(adapter: Adapter): Diagnosis | undefined {
  if (!adapter.software) return undefined;
  const name = adapter.description || adapter.architecture || "a software adapter";
  return {
    code: "software-adapter",
    message: `WebGPU runs on the CPU here (${name}): results are right, times say nothing about a GPU.`,
    fix: "Turn on hardware acceleration in the browser's settings, and check chrome://gpu or about:support.",
  };
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|warp|software/i;

/** What every kernel of the library needs; WebGPU promises at least this much, compatibility mode does not. */
const NEEDED = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16_384,
  maxStorageBuffersPerShaderStage: 8,
} as const;

function missingLimits(limits: GPUSupportedLimits): string | undefined {
  const short = (Object.keys(NEEDED) as (keyof typeof NEEDED)[]).filter((name) => limits[name] < NEEDED[name]);
  if (short.length === 0) return undefined;
  return short.map((name) => `${name} is ${limits[name]}, needed ${NEEDED[name]}`).join("; ");
}

function wantedLimits(limits: GPUSupportedLimits): Record<string, number> {
  return {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
  };
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

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
const ADAPTER_NULL: Diagnosis = {
  code: "adapter-null",
  message: "This browser has WebGPU, but found no usable GPU.",
  fix: "Turn on hardware acceleration and update the GPU driver; on Linux see chrome://gpu, or about:support in Firefox.",
};
const ADAPTER_ERROR: Diagnosis = {
  code: "adapter-error",
  message: "The browser refused to give an adapter",
  fix: "The GPU or its driver is probably blocklisted: update the driver, or try another browser.",
};
const DEVICE_ERROR: Diagnosis = {
  code: "device-error",
  message: "The GPU was found, but gave no device",
  fix: "Close other tabs that use the GPU and reload the page.",
};
const LIMITS: Diagnosis = {
  code: "limits",
  message: "This GPU offers less than the kernels need",
  fix: "Use a device with core WebGPU limits (compatibility mode is not enough).",
};
