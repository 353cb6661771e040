/** Instructions that AMD's vector units take four times as long for: reciprocals, roots, powers, logarithms, angles, 32-bit products. */
const SLOW = /^v_(rcp|sqrt|rsq|log|exp|sin|cos|mul_lo_u32|mul_hi_|mad_u64|mad_i64)/;
const SLOWNESS = 4;

/** What a piece of machine code asks of a GPU, a lane. */
export interface Work {
  /** Vector operations, a slow one counted as four. */
  readonly operations: number;
  readonly slow: number;
  /** Reads and writes of buffers, and of workgroup memory. */
  readonly accesses: number;
  readonly sharedAccesses: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** A loop that has no other within it; `start` is its place among the blocks. */
export interface Loop extends Work {
  readonly start: number;
}

interface Block {
  readonly id: number;
  readonly instructions: string[];
  readonly targets: number[];
}

/** The innermost loops of an assembly of Mesa's, in its order, one trip each; and all of it, taken once. */
export function readAssembly(text: string): { readonly loops: readonly Loop[]; readonly whole: Work } {
  const blocks = blocksOf(text);
  const all = blocks.flatMap(({ id, targets }) => targets.filter((to) => to <= id).map((to) => [to, id] as const));
  const inner = all.filter(([a, z]) => !all.some(([c, d]) => c >= a && d <= z && (c !== a || d !== z)));
  const between = (a: number, z: number) =>
    blocks.filter(({ id }) => id >= a && id <= z).flatMap(({ instructions }) => instructions);
  return {
    loops: inner.map(([a, z]) => ({ start: a, ...workOf(between(a, z)) })).sort((a, b) => a.start - b.start),
    whole: workOf(between(0, Number.POSITIVE_INFINITY)),
  };
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const line of text.split("\n")) {
    const label = line.match(/^BB(\d+):/);
    if (label) blocks.push({ id: Number(label[1]), instructions: [], targets: [] });
    const [, name, rest = ""] = line.match(/^\s+([a-z]\w+)(.*?)(;|$)/) ?? [];
    const block = blocks.at(-1);
    if (!name || !block) continue;
    block.instructions.push(name);
    const target = /branch/.test(name) ? rest.match(/BB(\d+)/) : null;
    if (target) block.targets.push(Number(target[1]));
  }
  return blocks;
}

function workOf(instructions: readonly string[]): Work {
  const vector = instructions.filter((name) => name.startsWith("v_"));
  const slow = vector.filter((name) => SLOW.test(name)).length;
  const buffers = instructions.filter((name) => /^(buffer|global|flat)_(load|store)/.test(name));
  const bytes = (way: string) =>
    buffers.filter((name) => name.includes(way)).reduce((sum, name) => sum + bytesOf(name), 0);
  return {
    operations: vector.length + (SLOWNESS - 1) * slow,
    slow,
    accesses: buffers.length,
    sharedAccesses: instructions.filter((name) => name.startsWith("ds_")).length,
    bytesRead: bytes("_load"),
    bytesWritten: bytes("_store"),
  };
}

/** Of buffer_load_dwordx4 as of buffer_load_b128. */
function bytesOf(name: string): number {
  const words = name.match(/dword(x(\d))?/);
  if (words) return 4 * Number(words[2] ?? 1);
  const bits = name.match(/_[bui](\d+)/);
  if (bits) return Number(bits[1]) / 8;
  return /ubyte|sbyte/.test(name) ? 1 : 2;
}
