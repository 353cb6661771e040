import { remember } from "../../engine/memo.ts";
import { ModuleBuilder } from "../../wasm/module.ts";
import { COMMON_PAGES, type WasmModule } from "../cores.ts";
import { addDivergence } from "./divergence.ts";
import { addNarrow } from "./narrow.ts";
import { addHelpers, type RowFunction } from "./row-function.ts";
import { addWide } from "./wide.ts";

/** Columns of the widest rows that go four at a time: what they sum in f32 is 32 terms a lane. */
export const NARROW = 128;

const modules = new Map<string, WasmModule>();

/** The module of a function of rows, made on first use. */
export function rowModule(of: RowFunction, shared: boolean): WasmModule {
  const { name, unit = false } = of;
  return remember(modules, `${name} ${unit} ${shared}`, () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    addWide(module, addHelpers(module), of);
    addNarrow(module, of);
    return { name, bytes: module.encoded() };
  });
}

/** The module of divergences of rows. */
export function divergenceModule(shared: boolean): WasmModule {
  const name = "klDivergence";
  return remember(modules, `${name} ${shared}`, () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    addDivergence(module, addHelpers(module));
    return { name, bytes: module.encoded() };
  });
}
