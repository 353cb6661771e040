import { scaleLinear } from "d3-scale";
import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { axisStyles, bottomAxis, leftAxis } from "../shared/chart/axis.ts";
import { brokenLine, decadeTicks, dots } from "../shared/chart/log-axis.ts";
import { SizeController } from "../shared/chart/size-controller.ts";
import { fixed, thousands } from "../shared/format.ts";
import { uniformAt } from "../shared/random.ts";
import { cursorLayer, cursorStyles } from "./cursor-layer.ts";
import type { Picture } from "./picture.ts";
import { type Plane, planeOf } from "./plane.ts";

const top = 30;
const bottom = 40;
/** Of the normal distribution's middle 95 %. */
const z = 1.959964;

/**
 * Running means of 64 independent runs and of the reader's own against N, inside the envelope that theory draws for
 * 95 of 100 of them; at the left, single samples.
 *
 * @event rung-hover - The reader looks at a size; `detail` is N, or undefined.
 */
@customElement("fan-chart")
export class FanChart extends LitElement {
  static override styles = [
    axisStyles,
    cursorStyles,
    css`
      :host {
        display: block;
        touch-action: pan-y;
      }

      .strip {
        fill: var(--paper-sunk);
      }

      .cloud {
        fill: none;
        stroke: var(--ink);
        stroke-width: 3;
        stroke-linecap: round;
        stroke-opacity: 0.32;
      }

      .envelope {
        fill: var(--noise-wash);
      }

      .edge {
        fill: none;
        stroke: var(--noise);
        stroke-width: 1;
      }

      .fan {
        fill: none;
        stroke: var(--noise);
        stroke-width: 1;
        stroke-opacity: 0.5;
        stroke-linejoin: round;
      }

      .truth {
        stroke: var(--truth);
        stroke-width: 1.5;
        stroke-dasharray: 6 4;
      }

      .main {
        fill: none;
        stroke-width: 2.25;
        stroke-linejoin: round;
      }

      .webgpu {
        stroke: var(--gpu);
      }

      .cpu {
        stroke: var(--cpu);
      }

      .head {
        stroke: var(--paper);
        stroke-width: 2;
      }

      .head.webgpu {
        fill: var(--gpu);
      }

      .head.cpu {
        fill: var(--cpu);
      }

      .name {
        fill: var(--ink);
        font-weight: 600;
      }

      .halo {
        stroke: var(--paper);
        stroke-width: 4;
        stroke-linejoin: round;
        paint-order: stroke;
      }
    `,
  ];

  readonly #size = new SizeController(this);

  @query("svg") readonly chart!: SVGSVGElement | null;

  @property({ attribute: false }) picture: Picture | undefined;

  /** The size that the reader looks at. */
  @property({ attribute: false }) cursor: number | undefined;

  /** The cursor's reading in words. */
  @property() reading = "";

  override render() {
    const { picture } = this;
    if (!picture) return html``;
    const { width } = this.#size;
    const plane = planeOf(width, picture.most);
    const height = plane.narrow ? 300 : 380;
    const base = height - bottom;
    const frame = this.#frame(picture, base);
    return html`<svg height=${height} viewBox="0 0 ${width} ${height}">
      <defs>
        <clipPath id="plot"><rect x=${plane.left - 6} y=${top} width=${plane.right - plane.left + 12} height=${base - top}></rect></clipPath>
      </defs>
      <rect class="strip" x=${plane.stripLeft} width=${plane.stripRight - plane.stripLeft} y=${top} height=${base - top}></rect>
      ${leftAxis(frame.ticks, plane.stripLeft, plane.right)}
      <g clip-path="url(#plot)">${this.#envelope(picture, plane, frame)} ${this.#lines(picture, plane, frame)}</g>
      ${this.#cloud(picture, plane, frame, base)} ${this.#truth(picture, plane, frame)} ${this.#head(picture, plane, frame)}
      ${bottomAxis(decadeTicks(plane.x, 1, picture.most, 34), base, plane.left, plane.right)}
      <text class="axis-title" x=${plane.right} y=${base + 35} text-anchor="end">samples N</text>
      ${cursorLayer(this, plane, picture, { top, base, cursor: this.cursor, reading: this.reading })}
    </svg>`;
  }

  #frame({ centre, deviation, cloud, view }: Picture, base: number): Frame {
    if (view === "magnified" && deviation) {
      const y = scaleLinear([-4.2, 4.2], [base, top]);
      return {
        at: (value, samples) => y(((value - centre) * Math.sqrt(samples)) / deviation),
        low: base,
        key: `× √N ${centre} ${deviation} ${base}`,
        ticks: [-4, -2, 0, 2, 4].map((value) => ({ at: y(value), label: fixed(value, 0) })),
      };
    }
    const reach = 2.6 * (deviation || Math.abs(centre) || 1);
    // No more room than the values take, where they end before the envelope does.
    const [least, most] = extent(cloud);
    const low = Math.max(centre - reach, Math.min(least - 0.08 * reach, centre - 0.3 * reach));
    const high = Math.min(centre + reach, Math.max(most + 0.08 * reach, centre + 0.3 * reach));
    const y = scaleLinear([low, high], [base, top]);
    return {
      at: (value) => y(value),
      low: base,
      key: `${low} ${high} ${base}`,
      ticks: y.ticks(6).map((value) => ({ at: y(value), label: shortTick(value) })),
    };
  }

  #envelope({ centre, deviation, most }: Picture, plane: Plane, frame: Frame) {
    if (deviation === undefined) return nothing;
    const sizes = Array.from({ length: 97 }, (_, i) => most ** (i / 96));
    const edge = (sign: number) =>
      sizes.map((n) => [plane.x(n), frame.at(centre + (sign * z * deviation) / Math.sqrt(n), n)] as const);
    const [upper, lower] = [edge(1), edge(-1)];
    return svg`<path class="envelope" d="${brokenLine([...upper, ...lower.toReversed()])}z"></path>
      <path class="edge" d=${brokenLine(upper)}></path><path class="edge" d=${brokenLine(lower)}></path>`;
  }

  #lines({ fan, checkpoints, rungs, backend }: Picture, plane: Plane, frame: Frame) {
    const line = (means: ArrayLike<number>) =>
      brokenLine(
        Array.from(means, (mean, i) => {
          const n = checkpoints[i] ?? 1;
          return [plane.x(n), frame.at(mean, n)] as const;
        }),
      );
    const main = rungs.map(({ samples, estimate }) => [plane.x(samples), frame.at(estimate.mean, samples)] as const);
    // A run redraws the chart many times a second; these lines seldom change with it.
    const still = [fan, plane.width, plane.x(2), frame.key];
    return svg`${guard(still, () => fan.map((means) => svg`<path class="fan" d=${line(means)}></path>`))}
      <path class="main ${backend}" d=${brokenLine(main)}></path>`;
  }

  #cloud({ cloud, fan }: Picture, plane: Plane, frame: Frame, base: number) {
    const room = plane.stripRight - plane.stripLeft - 10;
    const place = (i: number) => plane.stripLeft + 5 + room * uniformAt(1, 0, i);
    // Where there are only a few values, such as hit and miss, a little disorder shows how many have each.
    const jitter = new Set(cloud).size <= 12 ? 14 : 0;
    const marks = Array.from(
      cloud,
      (value, i) => [place(i), frame.at(value, 1) + jitter * (uniformAt(1, 1, i) - 0.5)] as const,
    );
    const beyond = marks.filter(([, y]) => y < top).length;
    const inside = marks.filter(([, y]) => y >= top && y <= base);
    const middle = (plane.stripLeft + plane.stripRight) / 2;
    return svg`<path class="cloud" d=${dots(inside)}></path>
      <text class="name" x=${middle} y=${top - 16} text-anchor="middle">N = 1</text>
      ${beyond > 0 ? svg`<text class="halo" x=${middle} y=${top + 12} text-anchor="middle">↑ ${beyond} more</text>` : nothing}
      <text x=${middle} y=${base + 18} text-anchor="middle">${cloud.length === 0 ? "" : plane.narrow ? "single" : `${cloud.length} guesses`}</text>
      ${cloud.length > 0 && !plane.narrow ? svg`<text x=${middle} y=${base + 35} text-anchor="middle">one rollout each</text>` : nothing}
      ${
        fan.length > 0 && !plane.narrow
          ? svg`<text x=${plane.left} y=${top - 16}>${fan.length} runs of their own seeds, in grey; yours in colour</text>`
          : nothing
      }`;
  }

  #truth({ truth, centre, view, deviation, rungs }: Picture, plane: Plane, frame: Frame) {
    if (!truth && rungs.length === 0) return nothing;
    const y = frame.at(centre, 1);
    const value = truth ? truthLabel(truth.mean) : "";
    const envelopeLabel = view === "magnified" && deviation !== undefined;
    return svg`${truth ? svg`<line class="truth" x1=${plane.stripLeft} x2=${plane.right} y1=${y} y2=${y}></line>` : nothing}
      <text class="name" x=${plane.right + 8} y=${y} dy=${plane.narrow ? "-0.4em" : "0.32em"}>${truth ? "truth" : "estimate"}</text>
      ${truth ? svg`<text x=${plane.right + 8} y=${y + (plane.narrow ? 8 : 16)} dy="0.32em">${plane.narrow ? truth.mean.toPrecision(3) : value}</text>` : nothing}
      ${
        envelopeLabel
          ? svg`<text x=${plane.right + 8} y=${frame.at(centre + z * deviation, 1)} dy="0.32em">+1.96</text>
            <text x=${plane.right + 8} y=${frame.at(centre - z * deviation, 1)} dy="0.32em">−1.96</text>`
          : nothing
      }`;
  }

  #head({ rungs, backend }: Picture, plane: Plane, frame: Frame) {
    const last = rungs.at(-1);
    if (!last) return nothing;
    const y = frame.at(last.estimate.mean, last.samples);
    if (!(y >= top && y <= frame.low)) return nothing;
    return svg`<circle class="head ${backend}" cx=${plane.x(last.samples)} cy=${y} r="6"></circle>`;
  }
}

interface Frame {
  readonly at: (value: number, samples: number) => number;
  readonly low: number;
  /** Equal for frames that place everything equally. */
  readonly key: string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** The smallest and the largest finite value; without any, no bounds. */
function extent(values: Float64Array): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
}

function shortTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000) return thousands(Math.round(value)).replace("-", "−");
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

function truthLabel(value: number): string {
  return String(Number(value.toPrecision(8))).replace("-", "−");
}
