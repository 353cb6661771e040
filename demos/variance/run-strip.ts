import { css, html, LitElement, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { powerLabel } from "../shared/chart/log-axis.ts";
import { SizeController } from "../shared/chart/size-controller.ts";
import { rungs } from "./model.ts";

/** One mark for every doubling: how far the run has come. */
@customElement("run-strip")
export class RunStrip extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: 400 var(--text-xs) / 1 var(--sans);
    }

    svg {
      display: block;
      width: 100%;
    }

    .ahead {
      fill: var(--rule);
    }

    .done {
      fill: var(--ink);
    }

    text {
      fill: var(--ink-faint);
      font: 400 var(--text-xs) / 1 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }
  `;

  readonly #size = new SizeController(this);

  /** Samples so far. */
  @property({ type: Number }) samples = 0;

  /** Where it ends. */
  @property({ type: Number }) most = 1e9;

  override render() {
    const { width } = this.#size;
    const sizes = rungs(this.most);
    const step = width / sizes.length;
    const full = Math.max(2, step - 3);
    return html`<svg
      height="26"
      viewBox="0 0 ${width} 26"
      role="progressbar"
      aria-label="Doublings done"
      aria-valuemin="0"
      aria-valuemax=${sizes.length}
      aria-valuenow=${sizes.filter((size) => size <= this.samples).length}
    >
      ${sizes.map((size, i) => {
        const before = sizes[i - 1] ?? 0;
        const share = Math.min(1, Math.max(0, (this.samples - before) / (size - before)));
        return svg`<rect class="ahead" x=${i * step} y="2" width=${full} height="6" rx="1.5"></rect>
          ${share > 0 ? svg`<rect class="done" x=${i * step} y="2" width=${full * share} height="6" rx="1.5"></rect>` : ""}
          ${i % 5 === 0 || i === sizes.length - 1 ? svg`<text x=${i === sizes.length - 1 ? width - 2 : i * step} y="22" text-anchor=${i === sizes.length - 1 ? "end" : "start"}>${i === sizes.length - 1 ? powerLabel(Math.round(Math.log10(this.most))) : label(size, sizes.length - i)}</text>` : ""}`;
      })}
    </svg>`;
  }
}

/** 1, 32, 1,024, 2¹⁵ …; nothing right before the end's own label. */
function label(size: number, left: number): string {
  if (left < 4) return "";
  return size <= 1024
    ? size.toLocaleString("en")
    : `2${[...String(Math.log2(size))].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]).join("")}`;
}
