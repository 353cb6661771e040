import { scaleLinear } from "d3-scale";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { stepLine, steps } from "../shared/chart/shapes.ts";
import { scientific, thousands } from "../shared/format.ts";
import type { Result } from "./compute.ts";
import { naiveSoftmax } from "./naive.ts";

/** The softmax of the textbook beside the library's, on the same logits. */
@customElement("overflow-panel")
export class OverflowPanel extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: 400 var(--text-s) / 1.45 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }

    .pair {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: var(--space-4);
    }

    figure {
      min-width: 0;
      margin: 0;
    }

    figcaption {
      margin-top: var(--space-1);
      color: var(--ink-soft);
    }

    strong {
      color: var(--ink);
      font-weight: 600;
    }

    svg {
      display: block;
      width: 100%;
      height: 84px;
      border-bottom: 1px solid var(--rule-strong);
    }

    .area {
      fill: var(--model-wash);
    }

    .outline {
      fill: none;
      stroke: var(--model);
      stroke-width: 1.5;
      vector-effect: non-scaling-stroke;
    }

    .nan {
      display: grid;
      place-items: center;
      height: 84px;
      border-bottom: 1px solid var(--rule-strong);
      background: repeating-linear-gradient(135deg, var(--noise-wash) 0 5px, transparent 5px 11px);
      font-size: var(--text-l);
      font-weight: 600;
    }
  `;

  @property({ attribute: false }) result: Result | undefined;

  @property({ type: Number }) dimension = 0;

  override render() {
    if (!this.result) return nothing;
    const { state, head, rows, errors } = this.result;
    const naive = naiveSoftmax(head, state, this.dimension);
    const row = rows[this.dimension];
    return html`<div class="pair">
      <figure data-softmax="naive">
        ${naive.notANumber > 0 ? html`<div class="nan" aria-hidden="true">NaN</div>` : this.#histogram(naive.pmf)}
        <figcaption>
          <strong>exp(x) / Σ exp(x)</strong> in f32: Σ is ${Number.isFinite(naive.sum) ? scientific(naive.sum) : "Infinity"};
          ${naive.notANumber > 0 ? html`<strong>${naive.notANumber} of 256 bins are NaN</strong>` : "it is finite, so this works"}.
        </figcaption>
      </figure>
      <figure data-softmax="library">
        ${this.#histogram(row?.pmf ?? new Float32Array(256))}
        <figcaption>
          <strong>Surprisal</strong>: within ${scientific(errors.probability)} of the exact
          softmax${state.shift ? " of the logits without the 10,000" : ""}, over ${thousands(errors.compared)} probabilities.
        </figcaption>
      </figure>
    </div>`;
  }

  #histogram(pmf: Float32Array) {
    const y = scaleLinear([0, Math.max(1e-6, ...pmf)], [84, 4]);
    return html`<svg viewBox="0 0 256 84" preserveAspectRatio="none" aria-hidden="true">
      <path class="area" d=${steps(pmf, (bin) => bin, y, 84)}></path>
      <path class="outline" d=${stepLine(pmf, (bin) => bin, y)}></path>
    </svg>`;
  }
}
