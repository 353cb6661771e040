import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { provideGpu } from "../node/dawn.ts";
import type { Toolchain } from "./toolchain.ts";

/**
 * The SPIR-V that Dawn makes of WGSL, as FOLDER/INDEX.spv. Another process has Dawn make it, with a layer below that keeps it.
 *
 * @param codes - complete modules of one compute entry point each
 */
export function writeSpirv(codes: readonly string[], folder: string, { dawn, layer }: Toolchain): readonly string[] {
  const list = join(folder, "modules.json");
  writeFileSync(list, JSON.stringify(codes));
  const files = codes.map((_, k) => join(folder, `${k}.spv`));
  for (const file of files) rmSync(file, { force: true });
  const { status, stderr } = spawnSync(process.execPath, [process.argv[1] ?? "", "--compile", list], {
    encoding: "utf8",
    env: {
      ...process.env,
      VK_ICD_FILENAMES: dawn,
      VK_LAYER_PATH: layer.folder,
      VK_INSTANCE_LAYERS: layer.name,
      CAPTURE_FOLDER: folder,
    },
  });
  const lacking = files.findIndex((file) => !existsSync(file));
  if (status !== 0 || lacking >= 0) {
    throw new Error(`Dawn made no SPIR-V of module ${lacking} of ${codes.length}: ${stderr.slice(-2_000)}`);
  }
  return files;
}

/** What that other process does: has Dawn compile each module. */
export async function compileAll(list: string): Promise<void> {
  const release = await provideGpu(undefined);
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("Dawn finds no adapter");
  const { limits, features } = adapter;
  const device = await adapter.requestDevice({
    // Names that are younger than the types.
    requiredFeatures: ["subgroups", "shader-f16"].filter((name) => features.has(name)) as GPUFeatureName[],
    requiredLimits: {
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    },
  });
  let fault: string | undefined;
  device.addEventListener("uncapturederror", ({ error }) => {
    fault ??= error.message;
  });
  for (const code of JSON.parse(readFileSync(list, "utf8")) as string[]) {
    device.createComputePipeline({ layout: "auto", compute: { module: device.createShaderModule({ code }) } });
  }
  await device.queue.onSubmittedWorkDone();
  release();
  if (fault) throw new Error(fault);
}
