import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The programs and drivers that turn WGSL into a graphics card's machine code. */
export interface Toolchain {
  /** Our program around the Vulkan driver (compile.c), built. */
  readonly compile: string;
  /** Our layer that keeps the SPIR-V that Dawn makes (capture.c), built. */
  readonly layer: { readonly folder: string; readonly name: string };
  /** Mesa's driver for AMD, and a driver that Dawn can make a device on. */
  readonly radv: string;
  readonly dawn: string;
}

const INSTALL = "On Debian: apt-get install gcc libvulkan-dev mesa-vulkan-drivers chromium";
const FOLDERS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LAYER = "VK_LAYER_SURPRISAL_capture";

/** Finds or builds what is needed; throws with what there is to install. */
export function toolchain(sources: string, folder: string): Toolchain {
  const radv = driver(/^radeon_icd.*\.json$/);
  const dawn = existsSync(SWIFTSHADER) ? SWIFTSHADER : undefined;
  const missing = [
    works("cc", ["--version"]) ? "" : "a C compiler (cc)",
    radv ? "" : "Mesa's Vulkan driver for AMD (radeon_icd)",
    dawn ? "" : `SwiftShader, which comes with Chromium (${SWIFTSHADER})`,
    hasDawn() ? "" : 'the npm package "webgpu"',
  ].filter(Boolean);
  if (missing.length > 0 || !radv || !dawn) throw new Error(`bench:isa lacks ${missing.join(", ")}. ${INSTALL}`);
  mkdirSync(folder, { recursive: true });
  const compile = join(folder, "compile");
  const library = join(folder, "libcapture.so");
  build(join(sources, "compile.c"), compile, ["-lvulkan"]);
  build(join(sources, "capture.c"), library, ["-shared", "-fPIC"]);
  const manifest = {
    file_format_version: "1.2.0",
    layer: {
      name: LAYER,
      type: "GLOBAL",
      library_path: library,
      api_version: "1.3.0",
      implementation_version: "1",
      description: "keeps SPIR-V",
    },
  };
  writeFileSync(join(folder, "capture.json"), JSON.stringify(manifest));
  return { compile, layer: { folder, name: LAYER }, radv, dawn };
}

/** Compiles a C file, unless what it became is younger. */
function build(source: string, target: string, args: readonly string[]): void {
  if (existsSync(target) && statSync(target).mtimeMs > statSync(source).mtimeMs) return;
  const { status, stderr } = spawnSync("cc", ["-O1", source, ...args, "-o", target], { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`bench:isa cannot build ${source}; are Vulkan's headers there? ${INSTALL}\n${stderr}`);
}

function driver(name: RegExp): string | undefined {
  const found = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder).map((file) => [folder, file] as const),
  );
  const [folder, file] = found.find(([, one]) => name.test(one)) ?? [];
  return folder && file ? join(folder, file) : undefined;
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function hasDawn(): boolean {
  try {
    createRequire(import.meta.url).resolve("webgpu");
    return true;
  } catch {
    return false;
  }
}
