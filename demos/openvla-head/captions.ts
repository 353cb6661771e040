import { fixed, percent, scientific, signed, thousands } from "../shared/format.ts";
import { inUnits, type Units } from "../shared/preferences.ts";
import type { Result } from "./compute.ts";
import type { Decoded } from "./decode.ts";
import { idInWords } from "./id-words.ts";
import { idOf } from "./logits.ts";
import { dimensions } from "./model.ts";
import { actionOfBin } from "./plane.ts";

/** Reads the picture aloud. */
export function caption(result: Result, dimension: number, decoded: Decoded | undefined, units: Units): string {
  const row = result.rows[dimension];
  if (!row || !decoded) return "";
  const target = result.head.targets[dimension] ?? 0;
  const { argmax, mean } = decoded;
  const symbol = dimensions[dimension]?.symbol ?? "";
  const likeliest = argmax.isAction
    ? `The likeliest token for ${symbol} is ${idInWords(argmax.id)}, which moves the arm by ${signed(argmax.action, 3)}.`
    : `The likeliest token for ${symbol} is ${idInWords(argmax.id)}: it means no action, and yet the decoder makes ${signed(argmax.action, 3)} of it.`;
  const split =
    Math.abs(mean - argmax.action) > 0.08
      ? ` The mean, ${signed(mean, 3)}, is somewhere else: nobody demonstrated that.`
      : "";
  const loss = `${fixed(inUnits(row.loss, units), 2)} ${units}`;
  return `${likeliest}${split} The demonstrated ${signed(target, 3)} got probability ${percent(row.targetProbability)}, so it costs ${loss}.`;
}

/** What is under the cursor. */
export function reading(bin: number, logit: number, q: number, units: Units): string {
  const surprisal = q > 0 ? `${fixed(inUnits(-Math.log(q), units), 2)} ${units}` : "more than f32 can say";
  return [
    `bin ${bin}`,
    `id ${thousands(idOf(bin))}`,
    `action ${signed(actionOfBin(bin), 3)}`,
    `logit ${fixed(logit, 2)}`,
    `q = ${percent(q)}`,
    `surprisal ${surprisal}`,
  ].join(" · ");
}

/** Who computed it, how fast, and how far off. */
export function provenance({ errors, milliseconds, backend }: Result): string {
  const who = backend === "webgpu" ? "WebGPU" : "the CPU engine";
  return `${thousands(7 * 32_064)} logits through ${who} in ${fixed(milliseconds, milliseconds < 10 ? 1 : 0)} ms. Largest error against f64: ${scientific(errors.probability)} in ${thousands(errors.compared)} probabilities, ${scientific(errors.relative)} of any one of them, ${scientific(errors.loss)} nats in a loss, ${scientific(errors.entropy)} in an entropy.`;
}
