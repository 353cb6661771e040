import { downloadPicture } from "../shared/chart/export-png.ts";
import { stackedSvg } from "../shared/chart/export-svg.ts";
import { csv, download } from "../shared/download.ts";
import { settledDigits } from "../shared/settle.ts";
import { caption, underInWords } from "./captions.ts";
import type { Settings } from "./model.ts";
import { halfWidth, type Picture } from "./picture.ts";
import { hexOf, type Race } from "./race.ts";
import type { Rung } from "./run.ts";

/** What there is to take away. */
export interface Share {
  readonly settings: Settings;
  readonly rungs: readonly Rung[];
  readonly picture: Picture;
  readonly race: Race;
  readonly charts: readonly SVGSVGElement[];
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
export function downloadJson({ settings, rungs, picture, race }: Share): void {
  const document = {
    page: "variance",
    settings,
    truth: picture.truth,
    rungs: rungs.map(({ samples, estimate, rate }) => ({
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

/** Both charts under the question and the answer, as one picture. */
function poster({ settings, picture, charts }: Share): string {
  const title = `E[${settings.formula}] under ${underInWords(settings)}, seed ${settings.seed}`;
  return stackedSvg([...charts], title, caption(picture));
}

function nameOf({ family, seed, formula }: Settings): string {
  const words = formula
    .replace(/[^a-z0-9]+/gi, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 32);
  return `surprisal-${words}-${family}-seed-${seed}`;
}
