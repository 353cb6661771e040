import { InputError } from "../core/errors.ts";
import { checkNamesOf, shown } from "../core/options.ts";
import { VERSION } from "../core/version.ts";
import type { Adapter } from "./backend.ts";
import { checkShape, type Machine, type TunedLayout, type TunedNumbers } from "./plan.ts";
import type { Tensor } from "./tensor.ts";

/** What `engine.tune` found on one machine: plain data, to be kept as JSON and given to `Engine.create`. */
export interface Tuning {
  /** Of the library that found it: kernels of another one may be quickest in other layouts. */
  readonly version: string;
  readonly adapter: Adapter;
  readonly layouts: readonly TunedLayout[];
}

export interface TuneOptions {
  /** Shapes of the logits that calls will have, `[..., classes]`. */
  readonly shapes: readonly (readonly number[])[];
  /** Stops after the layout that is being timed; what was found so far is lost. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each function at each shape. */
  readonly onProgress?: ((progress: { readonly done: number; readonly of: number }) => void) | undefined;
}

/** A library function with layouts that `engine.tune` can choose from. */
export interface Tunable {
  /** @internal */
  readonly tuning: { readonly name: string; readonly load: () => Promise<Trials> };
}

/** What the tuner is told of a function. */
export interface Trials {
  /** The layouts that might be quicker at this shape than the one that the rule gives. */
  layouts(shape: readonly number[], machine: Machine): readonly TunedNumbers[];
  /** A call like those to come, with operands of its own. */
  begin(engine: Tensor["engine"], shape: readonly number[]): Trial;
}

export interface Trial {
  /** Does the call; the results are the tuner's to dispose of. */
  run(): readonly Tensor[];
  /** Frees the operands. */
  dispose(): void;
}

/** A copy of the caller's tuning; refuses what is none. Whether it fits the machine is asked later. */
export function checkTuning(given: unknown, where: string): Tuning {
  checkNamesOf(given, ["version", "adapter", "layouts"], `${where}: tuning`);
  const { version, adapter, layouts } = given as Tuning;
  if (typeof version !== "string" || typeof adapter !== "object" || adapter === null || !Array.isArray(layouts)) {
    throw new InputError(
      `${where}: tuning must be what engine.tune gives, { version, adapter, layouts }, got version ${shown(version)}, adapter ${shown(adapter)}, layouts ${shown(layouts)}`,
    );
  }
  checkAdapter(adapter, `${where}: tuning.adapter`);
  layouts.forEach((one: unknown, k) => {
    checkTuned(one, `${where}: tuning.layouts[${k}]`);
  });
  return structuredClone({ version, adapter, layouts });
}

function checkAdapter(given: unknown, where: string): void {
  checkNamesOf(given, ["vendor", "architecture", "description", "software", "subgroups"], where);
  const { vendor, architecture, description, software, subgroups } = given as Adapter;
  const named = [vendor, architecture, description].every((name) => typeof name === "string");
  const sized = subgroups === undefined || [subgroups?.min, subgroups?.max].every((size) => Number.isSafeInteger(size));
  if (named && typeof software === "boolean" && sized) return;
  throw new InputError(`${where} must be an engine's own, { vendor, architecture, description, software, subgroups }`);
}

function checkTuned(given: unknown, where: string): void {
  checkNamesOf(given, ["function", "shape", "layout", "gain"], where);
  const { function: name, shape, layout, gain } = given as TunedLayout;
  if (typeof name !== "string") throw new InputError(`${where}: function must be a name, got ${shown(name)}`);
  checkShape(shape, where);
  if (typeof gain !== "number") throw new InputError(`${where}: gain must be a number, got ${shown(gain)}`);
  if (layout === null) return;
  const isPlain = typeof layout === "object" && !Array.isArray(layout);
  const bad = isPlain && Object.entries(layout).find(([, value]) => !(Number.isSafeInteger(value) && value >= 1));
  if (!isPlain || bad) {
    const got = bad ? `${bad[0]}: ${shown(bad[1])}` : shown(layout);
    throw new InputError(`${where}: layout must be null or hold whole numbers from 1 on, got ${got}`);
  }
}

/** What makes a tuning one of another machine or version, in words; undefined where it is one of this. */
export function foreignTo({ version, adapter }: Tuning, own: Adapter): string | undefined {
  if (version !== VERSION) return `by version ${shown(version)} of the library, and this is ${VERSION}`;
  const [made, here] = [signatureOf(adapter), signatureOf(own)];
  return made === here ? undefined : `on ${made}, and this is ${here}`;
}

function signatureOf({ vendor, architecture, description, software, subgroups }: Adapter): string {
  const name = [vendor, architecture, description].filter(Boolean).join(" ");
  const lanes = subgroups ? `, subgroups of ${subgroups.min} to ${subgroups.max}` : "";
  return `"${name || "an adapter without a name"}"${software ? ", software" : ""}${lanes}`;
}

/** A tuning with what was found before of other functions and shapes. */
export function joined(before: readonly TunedLayout[] = [], tuning: Tuning): Tuning {
  const keyOf = (one: TunedLayout) => `${one.function} ${one.shape.join()}`;
  const found = new Set(tuning.layouts.map(keyOf));
  return { ...tuning, layouts: [...before.filter((one) => !found.has(keyOf(one))), ...tuning.layouts] };
}
