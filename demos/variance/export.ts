import { downloadPicture } from "../shared/chart/export-png.ts";
import { type Panel, stackedSvg } from "../shared/chart/export-svg.ts";
import { csv, download } from "../shared/download.ts";
import { settle, settledDigits } from "../shared/settle.ts";
import { caption, underInWords } from "./captions.ts";
import type { Settings } from "./model.ts";
import { halfWidth, type Picture } from "./picture.ts";
import { hexOf, type Race } from "./race.ts";

/** What there is to take away. */
export interface Share {
  readonly settings: Settings;
  readonly picture: Picture;
  readonly race: Race;
  readonly charts: readonly Panel[];
}

export const csvHead = [
  "samples",
  "mean",
  "mean (bits)",
  "standard error",
  "95% low",
  "95% high",
  "settled digits",
  "truth",
  "error",
  "variance",
  "samples per second",
] as const;

/** A line a rung, as the table and the file have it. */
export function csvRows({ rungs, truth }: Pick<Picture, "rungs" | "truth">): (string | number)[][] {
  return rungs.map((rung) => {
    const { estimate } = rung;
    const [low, high] = estimate.interval(0.95);
    return [
      rung.samples,
      estimate.mean,
      hexOf(estimate.mean),
      estimate.standardError,
      low,
      high,
      settledDigits(estimate.mean, halfWidth(rung)),
      truth?.mean ?? "",
      truth ? estimate.mean - truth.mean : "",
      estimate.variance,
      rung.rate ?? "",
    ];
  });
}

export function downloadCsv({ settings, picture }: Share): void {
  download(`${nameOf(settings)}.csv`, "text/csv", csv([csvHead, ...csvRows(picture)]));
}

/** The settings and every number of the figure. */
export function downloadJson({ settings, picture, race }: Share): void {
  const document = {
    page: "variance",
    settings,
    truth: picture.truth,
    rungs: picture.rungs.map(({ samples, estimate, rate }) => ({
      ...estimate,
      samples,
      interval95: estimate.interval(0.95),
      rate,
    })),
    methods: picture.ladders,
    race,
    replicates: { sizes: picture.checkpoints, runningMeans: picture.fan.map((means) => [...means]) },
    singleSamples: [...picture.cloud],
  };
  // JSON has no Infinity and no NaN; as text they survive.
  const replacer = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  download(`${nameOf(settings)}.json`, "application/json", JSON.stringify(document, replacer, 2));
}

export function downloadSvg(share: Share): void {
  download(`${nameOf(share.settings)}.svg`, "image/svg+xml", poster(share));
}

export function downloadPng(share: Share): Promise<void> {
  return downloadPicture(`${nameOf(share.settings)}.png`, poster(share));
}

/** The question, the number and both charts, as one picture. */
function poster({ settings, picture, charts }: Share): string {
  const last = picture.rungs.at(-1);
  const { ink, faded, power } = settle(last?.estimate.mean ?? Number.NaN, last ? halfWidth(last) : Number.NaN);
  return stackedSvg(charts, {
    title: `E[${settings.formula}] under ${underInWords(settings)}`,
    figures: { ink, faded: faded + power },
    sentence: caption(picture),
    foot: `Surprisal · seed ${settings.seed}`,
  });
}

function nameOf({ family, seed, formula }: Settings): string {
  const words = formula
    .replace(/[^a-z0-9]+/gi, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 32);
  return `surprisal-${words}-${family}-seed-${seed}`;
}
