import { existsSync } from "node:fs";

/** The environment in which Dawn finds an adapter on a machine without a GPU: Chromium brings one along. */
export function softwareAdapter() {
  const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
  const graphics = existsSync("/dev/dri") || existsSync("/dev/nvidiactl") || process.env.VK_ICD_FILENAMES;
  return graphics || !existsSync(driver) ? {} : { VK_ICD_FILENAMES: driver };
}
