import { centres } from "../../src/robotics/openvla/openvla.ts";
import { standaloneSvg } from "../shared/chart/export-svg.ts";
import { csv, download } from "../shared/download.ts";
import type { Result } from "./compute.ts";
import { type Decoded, decodeRow } from "./decode.ts";
import { actionLogits, idOf } from "./logits.ts";
import { dimensions, type HeadState } from "./model.ts";
import { actionOfBin } from "./plane.ts";
import { reference } from "./reference.ts";

/** All seven dimensions decoded. */
export function decodeAll({ rows, head, state }: Result): readonly Decoded[] {
  return rows.map((row, d) => decodeRow(row, head.targets[d] ?? 0, state.seed, d, state.draw));
}

/** The chosen dimension, a line a bin, with the f64 reference beside the library's probability. */
export function downloadCsv(result: Result): void {
  const { state } = result;
  const d = state.dimension;
  const logits = actionLogits(state, d);
  const row = result.rows[d];
  const targets = result.rows.map(({ targetId }) => targetId);
  const truth = reference(result.head.unshifted, targets, state)[d];
  const lines = Array.from(logits, (logit, bin) => {
    const id = idOf(bin);
    return [bin, id, actionOfBin(bin), logit, row?.pmf[bin] ?? 0, truth?.probabilities[id - (row?.begin ?? 0)] ?? 0];
  });
  const symbol = dimensions[d]?.symbol ?? "";
  download(
    `action-head-${symbol}-seed-${state.seed}.csv`,
    "text/csv",
    csv([["bin", "token id", "action", "logit", `q (${result.backend}, f32)`, "q (f64 reference)"], ...lines]),
  );
}

/** The state, and every number that was made of it. */
export function downloadJson(result: Result): void {
  const { state, head, rows, meanLoss, errors, milliseconds, backend } = result;
  const decoded = decodeAll(result);
  const document = {
    page: "openvla-head",
    state: { ...state, edits: state.edits.map((edits) => edits && Array.from(edits)) },
    backend,
    milliseconds,
    unit: "nats",
    meanLoss,
    errorsAgainstF64: errors,
    centres: centres.length,
    dimensions: rows.map((row, d) => ({
      dimension: dimensions[d]?.symbol,
      target: head.targets[d],
      targetId: row.targetId,
      targetProbability: row.targetProbability,
      targetRank: row.targetRank,
      loss: row.loss,
      entropy: row.entropy,
      outside: row.outside,
      argmax: decoded[d]?.argmax,
      mean: decoded[d]?.mean,
      sample: decoded[d]?.samples[0],
      expectedCost: decoded[d]?.expectedCost,
      pmf: Array.from(row.pmf),
    })),
  };
  download(`action-head-seed-${state.seed}.json`, "application/json", JSON.stringify(document, null, 2));
}

export function downloadSvg(chart: SVGSVGElement, state: HeadState): void {
  const symbol = dimensions[state.dimension]?.symbol ?? "";
  download(
    `action-head-${symbol}-seed-${state.seed}.svg`,
    "image/svg+xml",
    standaloneSvg(chart, `Probability of each action bin, ${symbol}, seed ${state.seed}`),
  );
}
