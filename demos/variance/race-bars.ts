import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { SizeController } from "../shared/chart/size-controller.ts";
import { hexOf, type Race } from "./race.ts";
import { duration, rateInWords } from "./words.ts";

/** How fast the GPU and the CPU take the same samples, and whether they come to the same bits. */
@customElement("race-bars")
export class RaceBars extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: 400 var(--text-s) / 1.45 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }

    .lane {
      margin-bottom: var(--space-4);
    }

    .words {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--space-3);
      align-items: baseline;
      justify-content: space-between;
    }

    .rate {
      font-size: var(--text-m);
    }

    .soft {
      color: var(--ink-soft);
    }

    svg {
      display: block;
      width: 100%;
      margin-block: 3px;
    }

    .track {
      fill: var(--paper-sunk);
    }

    .gpu {
      fill: var(--gpu);
    }

    .cpu {
      fill: var(--cpu);
    }

    .verdict {
      margin: 0;
      padding-top: var(--space-3);
      border-top: 1px solid var(--rule);
    }

    code {
      font: 400 var(--text-xs) / 1.4 var(--mono);
      overflow-wrap: anywhere;
    }

    strong {
      font-weight: 600;
    }
  `;

  readonly #size = new SizeController(this, 280);

  @property({ attribute: false }) race: Race = {};

  override render() {
    const { gpu, cpu } = this.race;
    const best = Math.max(gpu?.rate ?? 0, cpu?.rate ?? 0);
    return html`${this.#lane("gpu", this.race.software ? "Software GPU" : "GPU", gpu, best)} ${this.#lane("cpu", "CPU", cpu, best)} ${this.#verdict()}`;
  }

  #lane(kind: "gpu" | "cpu", name: string, lane: Race["gpu"], best: number) {
    const { width } = this.#size;
    const share = lane && best > 0 ? Math.max(0.004, lane.rate / best) : 0;
    return html`<div class="lane">
      <div class="words">
        <strong>${name}</strong>
        <span class="rate" data-rate=${kind}>${lane ? rateInWords(lane.rate) : html`<span class="soft">not yet</span>`}</span>
      </div>
      <svg height="12" viewBox="0 0 ${width} 12" aria-hidden="true">
        <rect class="track" width=${width} height="12" rx="2"></rect>
        <rect class=${kind} width=${share * width} height="12" rx="2"></rect>
      </svg>
      ${lane ? html`<span class="soft">a billion samples in ${duration(1e9 / lane.rate)}</span>` : nothing}
      ${lane?.machine ? html`<span class="soft">· ${lane.machine}</span>` : nothing}
    </div>`;
  }

  #verdict() {
    const { gpu, cpu, samples } = this.race;
    if (!cpu || samples === undefined) return nothing;
    if (!gpu) return html`<p class="verdict">There is no GPU to race against here.</p>`;
    const same = gpu.bits === cpu.bits;
    return html`<p class="verdict" data-same=${same}>
      <strong>${same ? "The same bits." : "Not the same bits."}</strong>
      After the same ${samples.toLocaleString("en")} samples the two means are
      <code>${hexOf(gpu.mean)}</code> and <code>${hexOf(cpu.mean)}</code>${
        same ? ", and the sums behind them agree to the last bit." : "."
      }
      ${this.race.software ? html`<br /><span class="soft">This GPU is itself a program on the CPU: its speed says nothing about a real one.</span>` : nothing}
    </p>`;
  }
}
