import { fixed, thousands } from "../shared/format.ts";
import { halfWidthOf, settle, settledDigits } from "../shared/settle.ts";
import { coverage } from "./fan.ts";
import { familyOf, type Question } from "./model.ts";
import { halfWidth, type Picture } from "./picture.ts";
import type { Rung } from "./run.ts";
import type { Truth } from "./truth.ts";
import { countInWords, small } from "./words.ts";

const z = 1.959964;

/** Such as "x ~ Normal(0, 1)". */
export function underInWords({ family, a, b }: Question): string {
  const { title, parameters } = familyOf(family);
  return `${title}(${[a, b]
    .slice(0, parameters.length)
    .map((value) => fixed(value, 6).replace(/\.?0+$/, ""))
    .join(", ")})`;
}

/** The answer to the page's title, from σ and the number's first digit. */
export function samplesForDigit(centre: number, deviation: number, digit: number): number {
  return Math.ceil(((z * deviation) / halfWidthOf(centre, digit)) ** 2);
}

/** Reads the picture aloud. */
export function caption(picture: Picture): string {
  const { rungs, centre, deviation } = picture;
  const last = rungs.at(-1);
  if (!last) return "";
  const half = halfWidth(last);
  if (!Number.isFinite(last.estimate.mean)) {
    return `After ${countInWords(last.samples)} samples there is no estimate, because f was not a finite number for some of them.`;
  }
  if (half === 0) return "The formula is a constant, and one sample knows it.";
  const digits = settledDigits(last.estimate.mean, half);
  const count = `After ${countInWords(last.samples)} samples`;
  const fixedSo =
    digits === 0
      ? `${count} not one digit${Math.abs(last.estimate.mean) < 1 ? " but zeros" : ""} is settled.`
      : `${count} ${digits === 1 ? "one digit is" : `${digits} digits are`} settled.`;
  if (deviation === undefined || centre === 0) {
    return deviation === undefined
      ? `${fixedSo} No standard deviation is known here, so nothing says how fast the others will come.`
      : `${fixedSo} The truth is 0, which has no first digit; its error bar shrinks all the same.`;
  }
  const roughly = countInWords(Number(samplesForDigit(centre, deviation, 3).toPrecision(3)));
  const seen = rungs.find((rung) => settledDigits(rung.estimate.mean, halfWidth(rung)) >= 3);
  const when = seen
    ? ` The third digit settled between ${countInWords(seen.samples / 2)} and ${countInWords(seen.samples)}; theory says ${roughly}.`
    : ` The third digit will take about ${roughly}.`;
  return `${fixedSo}${when} Every digit more costs a hundred times the samples.`;
}

/** What stands under the cursor. */
export function reading(picture: Picture, samples: number): string {
  const rung = picture.rungs.find((one) => one.samples === samples);
  if (!rung) return "";
  const { truth, fan, checkpoints, deviation, centre } = picture;
  const parts = [`N = ${thousands(samples)}`, `estimate ${plain(rung)}`, spread(rung)];
  if (truth) parts.push(`error ${small(rung.estimate.mean - truth.mean)}`);
  const index = checkpoints.indexOf(samples);
  if (deviation !== undefined && index >= 0 && fan.every((means) => means.length > index) && fan.length > 0) {
    const inside = coverage(fan, index, centre, (z * deviation) / Math.sqrt(samples));
    parts.push(`${Math.round(inside * fan.length)} of ${fan.length} grey runs inside the envelope`);
  }
  return parts.join(" · ");
}

/** The error bar in words. */
export function spread(rung: Rung): string {
  const half = halfWidth(rung);
  return Number.isFinite(half) ? `± ${small(half)} (95 %)` : "no error bar exists";
}

/** How the estimate compares with the truth. */
export function againstTruth(rung: Rung, truth: Truth): string {
  const error = rung.estimate.mean - truth.mean;
  const se = rung.estimate.standardError;
  const inErrors = Number.isFinite(se) && se > 0 ? `, ${fixed(Math.abs(error) / se, 2)} standard errors` : "";
  return `off by ${small(Math.abs(error))}${inErrors}`;
}

export function truthInWords(truth: Truth): string {
  const { error } = truth;
  const rough = error > 1e-12 * Math.abs(truth.mean);
  const digits = !rough ? 12 : Math.max(3, Math.min(12, Math.floor(-Math.log10(error / Math.abs(truth.mean)))));
  const value = String(Number(truth.mean.toPrecision(digits))).replace("-", "−");
  return `${value} (${truth.source}${rough ? `, to about ${small(error)}` : ""})`;
}

function plain(rung: Rung): string {
  const { ink, faded, power } = settle(rung.estimate.mean, halfWidth(rung), 2);
  return `${ink}${ink && faded ? "|" : ""}${faded}${power}`;
}

/** For a screen reader, now and then. */
export function spoken(picture: Picture): string {
  const last = picture.rungs.at(-1);
  if (!last) return "";
  const { ink } = settle(last.estimate.mean, halfWidth(last));
  return `${countInWords(last.samples)} samples: ${ink ? `settled digits ${ink}` : "no digit settled"}, ${spread(last)}.`;
}
