import type { Kind, Role } from "../contestants/contestant.ts";
import { power, type Scale, scaleOf } from "./log-scale.ts";
import type { Scaling, Series } from "./scaling.ts";

const WIDTH = 760;
const HEIGHT = 340;
const MARGIN = { left: 64, right: 190, top: 46, bottom: 52 };

/** A line of a panel. */
interface Trace {
  readonly name: string;
  readonly kind: Kind;
  readonly role: Role;
  readonly points: readonly (readonly [n: number, value: number])[];
}

interface Panel {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly traces: readonly Trace[];
}

/** Logarithmic charts of time against size, and of memory against samples, one under the other, as one file. */
export function scalingSvg(scalings: readonly Scaling[], program: string): string {
  const panels = scalings.flatMap(panelsOf).filter(({ traces }) => traces.some(({ points }) => points.length > 0));
  const height = panels.length * HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>Time against size in ${escaped(program)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    ...panels.map((panel, k) => `<g transform="translate(0 ${k * HEIGHT})">${panelSvg(panel)}</g>`),
    "</svg>",
    "",
  ].join("\n");
}

function panelsOf({ title, axis, series }: Scaling): Panel[] {
  const traces = (value: (point: Series["points"][number]) => number | undefined) =>
    series.map(({ name, kind, role, points }): Trace => {
      const pairs = points.flatMap((point) => {
        const y = value(point);
        return y === undefined || y <= 0 ? [] : [[point.n, y] as const];
      });
      return { name, kind, role, points: pairs };
    });
  const time = { title, x: axis, y: "milliseconds a call", traces: traces((point) => point.milliseconds) };
  if (axis !== "samples") return [time];
  const memory = { title: `${title}: memory held`, x: axis, y: "bytes", traces: traces((point) => point.bytes) };
  return [time, { ...memory, traces: memory.traces.filter(({ points }) => points.length > 0) }];
}

function panelSvg({ title, x, y, traces }: Panel): string {
  const all = traces.flatMap(({ points }) => points);
  if (all.length === 0) return "";
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const across = scaleOf(
    all.map(([n]) => n),
    MARGIN.left,
    right,
  );
  const up = scaleOf(
    all.map(([, value]) => value),
    bottom,
    MARGIN.top,
  );
  return [
    `<text class="title" x="${MARGIN.left}" y="20">${escaped(title)}</text>`,
    `<text class="name" x="${MARGIN.left}" y="36">${escaped(y)}</text>`,
    `<text class="name" x="${right}" y="${HEIGHT - 12}" text-anchor="end">${escaped(x)}</text>`,
    ...across.decades.map((e) => tick(across, e, bottom)),
    ...up.decades.map((e) => line(up, e, right)),
    ...traces.map((trace) => traceSvg(trace, across, up)),
    ...labels(traces, up),
  ].join("");
}

function tick(scale: Scale, exponent: number, bottom: number): string {
  const x = scale.at(10 ** exponent).toFixed(1);
  return `<path class="tick" d="M${x} ${bottom}v5"/><text x="${x}" y="${bottom + 19}" text-anchor="middle">${power(exponent)}</text>`;
}

function line(scale: Scale, exponent: number, right: number): string {
  const y = scale.at(10 ** exponent).toFixed(1);
  return `<path class="grid" d="M${MARGIN.left} ${y}H${right}"/><text x="${MARGIN.left - 8}" y="${y}" dy="0.32em" text-anchor="end">${power(exponent)}</text>`;
}

function traceSvg({ kind, role, points }: Trace, across: Scale, up: Scale): string {
  const places = points.map(([n, value]) => `${across.at(n).toFixed(1)} ${up.at(value).toFixed(1)}`);
  return `<path class="line ${kind} ${role}" d="M${places.join("L")}"/><path class="dots ${kind} ${role}" d="${places.map((place) => `M${place}h0`).join("")}"/>`;
}

/** Names at the right, as high as the lines end, moved apart where they would touch. */
function labels(traces: readonly Trace[], up: Scale): string[] {
  const ends = traces.flatMap(({ name, kind, role, points }) => {
    const last = points.at(-1);
    return last ? [{ name, kind, role, y: up.at(last[1]) }] : [];
  });
  ends.sort((a, b) => a.y - b.y);
  let below = Number.NEGATIVE_INFINITY;
  return ends.map(({ name, kind, role, y }) => {
    below = Math.max(y, below + 15);
    const x = WIDTH - MARGIN.right + 12;
    return `<text class="label ${kind} ${role}" x="${x}" y="${below.toFixed(1)}" dy="0.32em">${escaped(name)}</text>`;
  });
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Ours on the GPU blue, ours on the CPU orange, peers dashed; readable on light and dark paper. */
const STYLE = `
.paper{fill:#fcfbf7}text{font:12px system-ui,sans-serif;fill:#57534b}.title{font-size:14px;font-weight:600;fill:#1f1d1a}
.grid{stroke:#dcd8cc}.tick{stroke:#8f8a7e}.line{fill:none;stroke-width:2;stroke-linejoin:round}
.dots{fill:none;stroke-width:7;stroke-linecap:round}.peer{stroke-dasharray:5 4}.dots.peer{stroke-dasharray:none}
path.webgpu{stroke:#0072b2}path.cpu{stroke:#c17d00}text.webgpu{fill:#0072b2}text.cpu{fill:#8a5a00}
@media(prefers-color-scheme:dark){.paper{fill:#16181b}text{fill:#b5b0a5}.title{fill:#ebe8e1}.grid{stroke:#353940}
.tick{stroke:#7d7a74}path.webgpu{stroke:#56b4e9}path.cpu{stroke:#e69f00}text.webgpu{fill:#56b4e9}text.cpu{fill:#e69f00}}
`.replaceAll("\n", "");
