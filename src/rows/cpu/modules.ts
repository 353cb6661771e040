import { remember } from "../../core/memo.ts";
import { COMMON_PAGES, type WasmModule } from "../../engine/cpu/cores.ts";
import { ModuleBuilder } from "../../wasm/module.ts";
import type { RowReference } from "../row-call.ts";
import { addDivergence } from "./divergence.ts";
import { addInRegisters } from "./in-registers.ts";
import { addHelpers, type RowFunction } from "./row-function.ts";
import { addWide } from "./wide.ts";

/** Columns of the widest rows that go four at a time: what they sum in f32 is 32 terms a lane. */
const MOST_IN_REGISTERS = 128;

export function fitsRegisters({ begin, end }: RowReference): boolean {
  return end - begin <= MOST_IN_REGISTERS;
}

const modules = new Map<string, WasmModule>();

/** The module of a function of rows, with the entry "rows", for the rows and the rate of a call; made on first use. */
export function rowModule(make: (unit: boolean) => RowFunction, options: RowReference, shared: boolean): WasmModule {
  const [inRegisters, of] = [fitsRegisters(options), make(options.rate === 1)];
  return remember(modules, `${of.name} ${of.unit} ${inRegisters} ${shared}`, () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    if (inRegisters) addInRegisters(module, of);
    else addWide(module, addHelpers(module), of);
    return { name: of.name, bytes: module.encoded() };
  });
}

/** The module of divergences of rows, with the entry "rows". */
export function divergenceModule(shared: boolean): WasmModule {
  const name = "klDivergence";
  return remember(modules, `${name} ${shared}`, () => {
    const module = new ModuleBuilder({ initial: 1, maximum: COMMON_PAGES, shared });
    addDivergence(module, addHelpers(module));
    return { name, bytes: module.encoded() };
  });
}
