import { KernelError } from "../../core/errors.ts";
import type { Plan } from "../plan.ts";
import type { StoredValues } from "../values.ts";
import { copied, ownArray, SharedValues } from "./allocation.ts";
import type { Cores } from "./cores.ts";
import type { Computed, Done, LoadedWork, Operands } from "./work.ts";
import { NoRoom, Workspace } from "./workspace.ts";

/** Does a plan's work: in WebAssembly where there is any, and a kernel that does not decline, else by its reference. */
export async function compute(
  work: LoadedWork,
  given: Operands,
  cores: Cores | undefined,
  threads: number,
): Promise<Done> {
  return (cores && (await inWebAssembly(work, given, cores, threads))) ?? inJavaScript(work, given);
}

async function inWebAssembly(
  { wasm }: LoadedWork,
  given: Operands,
  cores: Cores,
  threads: number,
): Promise<Done | undefined> {
  if (!wasm) return undefined;
  const space = new Workspace(cores, threads);
  try {
    const done = await wasm(given, space);
    space.end();
    return done;
  } catch (error) {
    const full = error instanceof NoRoom;
    space.abandon(!full);
    if (full) return undefined;
    throw error;
  }
}

function inJavaScript({ reference }: LoadedWork, given: Operands): Done {
  const arrays: Record<string, StoredValues> = {};
  for (const [name, allocation] of Object.entries(given)) arrays[name] = allocation.values();
  const { outputs, ...rest } = reference(arrays);
  // What a reference passes on of what it was given is not its own.
  const theirs = new Set(Object.values(arrays).map(({ buffer }) => buffer));
  const own = Object.entries(outputs).map(([name, array]) => [
    name,
    theirs.has(array.buffer) ? copied(ownArray(array)) : array,
  ]);
  return ofArrays({ ...rest, outputs: Object.fromEntries(own) });
}

/** The reference's results, as arrays outside of the heap. */
export function ofArrays({ outputs, ...rest }: Computed): Done {
  const allocation = Object.entries(outputs).map(([name, array]) => [name, ownArray(array)]);
  return { ...rest, outputs: Object.fromEntries(allocation) };
}

/** A result by its name, once it is there. */
export function sharedValuesOf(computed: Promise<Done>, plan: Plan, name: string): SharedValues {
  const allocation = computed.then(({ outputs }) => {
    const output = outputs[name];
    if (!output) throw new KernelError("internal", `${plan.name}: its CPU work gave no '${name}'`);
    return output;
  });
  return new SharedValues(allocation);
}
