import { adoptDevice } from "../src/engine/acquire-device.ts";
import { cores } from "./contestants/cores.ts";
import { ownDevice } from "./contestants/own-device.ts";
import { attempt } from "./harness/attempt.ts";
import type { Environment } from "./report/record.ts";

const noAdapter = { vendor: "", architecture: "", description: "no WebGPU", software: true } as const;

/** What the figures are measured on. */
export async function environmentOf(program: string): Promise<Environment> {
  const device = await attempt(ownDevice);
  const adopted = device instanceof Error ? undefined : adoptDevice(device);
  return {
    program,
    adapter: adopted && "adapter" in adopted ? adopted.adapter : noAdapter,
    timestamps: !(device instanceof Error) && device.features.has("timestamp-query"),
    threads: cores(),
    crossOriginIsolated: (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true,
  };
}

/** The browser that this runs in. */
export function browserName(): string {
  const { userAgent } = navigator;
  const [name = "an unknown browser"] = /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(userAgent) ?? [];
  return name.replace("Version", "Safari").replace("Edg", "Edge");
}
