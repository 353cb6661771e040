import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { provideGpu } from "../node/dawn.ts";
import { faults, type IsaRecord, type IsaRun, recordOf } from "./check.ts";
import { TARGETS } from "./gpus.ts";
import { measure } from "./measure.ts";
import { ownKernels } from "./ours.ts";
import { peerKernels } from "./peers.ts";
import { PosingGpu } from "./posing.ts";
import { isaMarkdown } from "./report.ts";
import { compileAll, writeSpirv } from "./spirv.ts";
import { toolchain } from "./toolchain.ts";

// node dist-bench/isa/main.mjs --root FOLDER [--target TEXT] [--call TEXT] [--record] [--check]

const { values } = parseArgs({
  options: {
    root: { type: "string", default: "." },
    target: { type: "string", default: "" },
    call: { type: "string", default: "" },
    record: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    compile: { type: "string" },
  },
});

try {
  if (values.compile) await compileAll(values.compile);
  else process.exitCode = await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// Devices would keep the process alive.
process.exit();

async function run(): Promise<number> {
  if (values.record && (values.target || values.call))
    throw new Error("--record is of all kernels: leave out --target and --call");
  const folder = join(values.root, "dist-bench", "isa-work");
  const recorded = join(values.root, "bench", "results", "isa.json");
  const tools = toolchain(join(values.root, "bench", "isa"), folder);
  process.env.XDG_RUNTIME_DIR ??= folder;
  const own = await ownKernels();
  const all = values.check ? own : [...own, ...(await peers(tools.dawn))];
  const subjects = all.filter(({ call, kernel, library }) => `${library} ${call} ${kernel}`.includes(values.call));
  const targets = TARGETS.filter(({ name }) => name.includes(values.target));
  const files = writeSpirv(
    subjects.map(({ code }) => code),
    folder,
    tools,
  );
  subjects.forEach(({ code }, k) => void writeFileSync(join(folder, `${k}.wgsl`), code));
  const compiled = targets.map((target) => {
    console.error(target.name);
    return { target: target.name, ...measure(subjects, files, target, tools, folder) };
  });
  const date = new Date().toISOString().slice(0, 10);
  const found: IsaRun = { date, driver: compiled[0]?.driver ?? "", targets: compiled };
  if (values.check) return complain(faults(found, JSON.parse(readFileSync(recorded, "utf8")) as IsaRecord));
  const text = isaMarkdown(found);
  if (!values.record) console.log(text);
  else {
    writeFileSync(recorded, `${JSON.stringify(recordOf(found), null, 1)}\n`);
    writeFileSync(recorded.replace(/json$/, "md"), text);
  }
  return 0;
}

async function peers(driver: string) {
  process.env.VK_ICD_FILENAMES = driver;
  const release = await provideGpu(undefined);
  const gpu = new PosingGpu(navigator.gpu);
  Object.defineProperty(navigator, "gpu", { value: gpu });
  const found = await peerKernels(gpu);
  release();
  return found;
}

function complain(found: readonly string[]): number {
  for (const message of found) console.error(message);
  if (found.length === 0) console.log("No kernel spills or costs more than its record allows.");
  return found.length === 0 ? 0 : 1;
}
