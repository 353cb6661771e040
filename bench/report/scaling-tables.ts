import type { Scaling } from "../scaling/scaling.ts";
import { milliseconds, type Table } from "./table.ts";

/** Time against size as a table, with the fitted costs beneath, and the memory where it is of interest. */
export function scalingTables({ title, axis, series }: Scaling): Table[] {
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(({ n }) => n)))].sort((a, b) => a - b);
  const cell = (k: number, n: number, value: (point: { milliseconds: number; bytes?: number }) => string) => {
    const point = series[k]?.points.find((point) => point.n === n);
    return point ? value(point) : "";
  };
  const rows = sizes.map((n) => [
    n.toLocaleString("en"),
    ...series.map((_, k) => cell(k, n, (point) => milliseconds(point.milliseconds))),
  ]);
  const fits = (name: string, pick: (fit: { fixed: number; each: number }) => string) => [
    name,
    ...series.map(({ fit }) => (fit ? pick(fit) : "")),
  ];
  const names = series.map(({ name }) => name);
  const ends = series.flatMap(({ name, end }) =>
    end ? [`${name} stops before ${end.n.toLocaleString("en")}: ${end.reason.replace(/\.$/, "")}.`] : [],
  );
  const time: Table = {
    title: `${title}, ms a call`,
    head: [axis, ...names],
    rows: [
      ...rows,
      fits("fitted: fixed ms", ({ fixed }) => milliseconds(fixed)),
      fits(`fitted: ns a ${axis === "classes" ? "class" : axis.slice(0, -1)}`, ({ each }) => milliseconds(1e6 * each)),
    ],
    notes: ["Fitted is t = fixed + each · n, by robust least squares of the relative errors.", ...ends],
  };
  if (axis !== "samples") return [time];
  const mebibytes = (point: { bytes?: number }) =>
    point.bytes === undefined ? "" : (point.bytes / 2 ** 20).toPrecision(3);
  const held = sizes.map((n) => [n.toLocaleString("en"), ...series.map((_, k) => cell(k, n, mebibytes))]);
  return [time, { title: `${title}: most memory held, MiB`, head: [axis, ...names], rows: held }];
}
