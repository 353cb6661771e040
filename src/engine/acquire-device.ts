import type { Adapter } from "./backend.ts";

/** How to ask for a device; `gpu` stands for `navigator.gpu`. */
export interface DeviceRequest {
  readonly gpu?: GPU | undefined;
  readonly powerPreference?: GPUPowerPreference | undefined;
}

/** Which rung of the ladder to a device gave way, and what there is to say of it. */
export interface Refusal {
  readonly code: "no-api" | "adapter-error" | "adapter-null" | "limits" | "device-error";
  readonly detail?: string;
}

export type Acquired = { readonly device: GPUDevice; readonly adapter: Adapter } | { readonly refusal: Refusal };

/** Asks for an adapter and a device with the adapter's own limits. */
export async function acquireDevice(request: DeviceRequest): Promise<Acquired> {
  const gpu = request.gpu ?? (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) return { refusal: { code: "no-api" } };
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter(request.powerPreference ? { powerPreference: request.powerPreference } : {});
  } catch (error) {
    return { refusal: { code: "adapter-error", detail: said(error) } };
  }
  if (!adapter) return { refusal: { code: "adapter-null" } };
  const lacking = missingLimits(adapter.limits);
  if (lacking) return { refusal: { code: "limits", detail: lacking } };
  try {
    const device = await adapter.requestDevice({
      label: "surprisal",
      requiredLimits: wantedLimits(adapter.limits),
      requiredFeatures: adapter.features?.has(SUBGROUPS) ? [SUBGROUPS] : [],
    });
    return { device, adapter: describeAdapter(adapter.info, device.features) };
  } catch (error) {
    return { refusal: { code: "device-error", detail: said(error) } };
  }
}

/** A device of the caller's own, unless its limits are too small. */
export function adoptDevice(device: GPUDevice): Acquired {
  const lacking = missingLimits(device.limits);
  if (lacking) return { refusal: { code: "limits", detail: lacking } };
  return { device, adapter: describeAdapter(device.adapterInfo, device.features) };
}

/** A feature that is younger than the types of WebGPU. */
const SUBGROUPS = "subgroups" as GPUFeatureName;

/** What is known of an adapter; a device that the caller made may not tell. */
function describeAdapter(info: GPUAdapterInfo | undefined, features: GPUSupportedFeatures | undefined): Adapter {
  const { vendor = "", architecture = "", description = "" } = info ?? {};
  const named = SOFTWARE.test(`${vendor} ${architecture} ${description} ${info?.device ?? ""}`);
  const adapter = { vendor, architecture, description, software: info?.isFallbackAdapter === true || named };
  if (!features?.has(SUBGROUPS)) return adapter;
  // All that WebGPU allows, where nothing is said.
  const { subgroupMinSize: min = 4, subgroupMaxSize: max = 128 } = (info ?? {}) as Partial<Record<string, number>>;
  return { ...adapter, subgroups: { min, max } };
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
