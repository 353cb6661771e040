import { KernelError } from "../../core/errors.ts";
import { kernels } from "../../cpu/kernels.ts";
import { references } from "../../cpu/references.ts";
import type { Done, Operands } from "../../rows/cpu/call.ts";
import { MASK_FAULT } from "../../rows/mask.ts";
import type { Computed } from "../../rows/reference/row.ts";
import type { Finding } from "../checks.ts";
import type { Plan } from "../plan.ts";
import type { Values } from "../tensor.ts";
import type { Cores } from "./cores.ts";
import { copied, Held, lodgedArray } from "./lodging.ts";
import { NoRoom, Workspace } from "./workspace.ts";

/** Does a plan's work: in WebAssembly where there is any, and a kernel that does not decline, else by its reference. */
export async function compute(plan: Plan, given: Operands, cores: Cores | undefined, threads: number): Promise<Done> {
  const done = (cores && (await inWebAssembly(plan, given, cores, threads))) ?? inJavaScript(plan, given);
  return { ...done, badFlag: badFlagOf(plan, given) };
}

/** Where a mask of f32 has a value that is neither 0 nor 1. */
function badFlagOf({ checks }: Plan, { mask }: Operands): Finding | undefined {
  const check = checks.find(({ buffer }) => buffer === MASK_FAULT);
  const bad = check && mask ? mask.values().findIndex((flag) => flag !== 0 && flag !== 1) : -1;
  const { pivots = 1 } = check ?? {};
  return bad < 0 ? undefined : { row: Math.floor(bad / pivots), pivot: bad % pivots };
}

async function inWebAssembly(plan: Plan, given: Operands, cores: Cores, threads: number): Promise<Done | undefined> {
  const kernel = kernels[plan.reference.name];
  if (!kernel) return undefined;
  const space = new Workspace(cores, threads);
  try {
    const done = await kernel(plan.reference.options as never, given, space);
    space.end();
    return done;
  } catch (error) {
    const full = error instanceof NoRoom;
    space.abandon(!full);
    if (full) return undefined;
    throw error;
  }
}

function inJavaScript(plan: Plan, given: Operands): Done {
  const reference = references[plan.reference.name];
  if (!reference) throw new KernelError("internal", `${plan.name}: no reference '${plan.reference.name}'`);
  const arrays: Record<string, Values> = {};
  for (const [name, lodged] of Object.entries(given)) arrays[name] = lodged.values();
  const { outputs, ...rest } = reference(plan.reference.options as never, arrays);
  // What a reference passes on of what it was given is not its own.
  const theirs = new Set(Object.values(arrays).map(({ buffer }) => buffer));
  const own = Object.entries(outputs).map(([name, array]) => [
    name,
    theirs.has(array.buffer) ? copied(lodgedArray(array)) : array,
  ]);
  return ofArrays({ ...rest, outputs: Object.fromEntries(own) });
}

/** Results that are arrays of their own. */
export function ofArrays({ outputs, ...rest }: Computed): Done {
  const lodged = Object.entries(outputs).map(([name, array]) => [name, lodgedArray(array)]);
  return { ...rest, outputs: Object.fromEntries(lodged) };
}

/** A result by its name, once it is there. */
export function heldOf(computed: Promise<Done>, plan: Plan, name: string): Held {
  const lodged = computed.then(({ outputs }) => {
    const output = outputs[name];
    if (!output) throw new KernelError("internal", `${plan.name}: its reference gave no '${name}'`);
    return output;
  });
  return new Held(lodged);
}
