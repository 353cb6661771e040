/** Loops from 0 to D or 4 that say so; the rest of such a line's indentation ends the loop. */
const LOOP = /^( *)for \(var (\w+) = 0u; \2 < (D|4u); \2\+\+\) \{ \/\/ unrolled\n([\s\S]*?)^\1\}\n/m;

/**
 * Writes out the loops of a shader that are marked `// unrolled`, over the D coordinates or the four lanes. Where every index is
 * a literal, software GPUs keep arrays in registers: a step of a flow then takes half the time.
 */
export function unrolled(source: string, size: number): string {
  const match = LOOP.exec(source);
  if (!match) return source;
  const [loop, indent = "", name = "", end, body = ""] = match;
  const count = end === "D" ? size : 4;
  const copies = Array.from({ length: count }, (_, k) => {
    return `${indent}{\n${body.replace(new RegExp(`\\b${name}\\b`, "g"), `${k}u`)}${indent}}\n`;
  });
  const { index } = match;
  return unrolled(source.slice(0, index) + copies.join("") + source.slice(index + loop.length), size);
}
