import { css, html, LitElement } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { controlStyles } from "../shared/controls.ts";
import type { Units } from "../shared/preferences.ts";
import { reading } from "./captions.ts";
import type { Result } from "./compute.ts";
import { type Decoded, draws } from "./decode.ts";
import "./decode-axis.ts";
import { type Brush, drawn, raised, type Stroke } from "./edits.ts";
import "./logit-chart.ts";
import { actionLogits, targetsOf, textLevels } from "./logits.ts";
import "./mass-bar.ts";
import { defaults, dimensions, type Edits, type HeadState, replaced } from "./model.ts";
import "./pmf-chart.ts";
import type { PmfChart } from "./pmf-chart.ts";

/**
 * One dimension, large: its PMF, where the mass lies, where the arm goes, and the logits under the reader's pen, all
 * over the same axis of actions.
 *
 * @event state-change - A change of the state; `detail` is a Partial<HeadState>.
 */
@customElement("head-charts")
export class HeadCharts extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 400 var(--text-m) / 1.5 var(--sans);
      }

      .title {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        align-items: baseline;
        justify-content: space-between;
        margin: var(--space-5) 0 var(--space-2);
      }

      .title > button {
        margin-left: auto;
      }

      .title:first-child {
        margin: 0 0 var(--space-1);
      }

      h2,
      h3 {
        margin: 0;
        font: 600 var(--text-m) / 1.3 var(--sans);
      }

      .hint,
      output {
        color: var(--ink-soft);
        font-size: var(--text-s);
        line-height: 1.35;
        font-variant-numeric: tabular-nums lining-nums;
      }

      output {
        display: block;
        min-height: 2.7em;
      }

      /* Room for the longest reading, so that nothing moves while the pen draws. */
      @media (max-width: 36rem) {
        output {
          min-height: 4.05em;
        }

        .title > .hint {
          order: 1;
          width: 100%;
        }
      }
    `,
  ];

  @query("pmf-chart") private pmfChart!: PmfChart | null;

  @state() private cursor: number | undefined;

  @property({ attribute: false }) state: HeadState = defaults;

  @property({ attribute: false }) result: Result | undefined;

  @property({ attribute: false }) decoded: Decoded | undefined;

  @property() units: Units = "nats";

  /** How many bins the pen moves. */
  @property({ type: Number }) brush: Brush = 9;

  /** The PMF as it stands, for export. */
  get picture(): SVGSVGElement | undefined {
    return this.pmfChart?.chart;
  }

  override render() {
    const { state, result, cursor } = this;
    const symbol = dimensions[state.dimension]?.symbol ?? "";
    const target = targetsOf(state)[state.dimension] ?? 0;
    const logits = actionLogits(state, state.dimension);
    const row = result?.rows[state.dimension];
    const read =
      row && cursor !== undefined ? reading(cursor, logits[cursor] ?? 0, row.pmf[cursor] ?? 0, this.units) : "";
    return html`<div class="title">
        <h2>Probability q(a) of each of the 256 bins, ${symbol}</h2>
        <span class="hint">drag the green flag</span>
      </div>
      <output>${read || "Point at a bin to read it."}</output>
      <pmf-chart
        .pmf=${row?.pmf ?? new Float32Array(256)}
        .target=${target}
        .cursor=${cursor}
        .symbol=${symbol}
        @bin-hover=${this.#look}
        @target-change=${(event: CustomEvent<number>) =>
          this.#change({ targets: replaced(state.targets, state.dimension, event.detail) })}
      ></pmf-chart>
      <mass-bar
        .text=${row?.outside.text ?? 0}
        .padding=${row?.outside.padding ?? 0}
        .constrained=${state.vocabulary === "actions"}
      ></mass-bar>
      <div class="title">
        <h3>Where the arm goes</h3>
        <span class="hint">${drawnInWords(this.decoded)}</span>
        <button type="button" @click=${() => this.#change({ draw: (state.draw + 1) % 1_000_000 })}>Draw again</button>
      </div>
      <decode-axis .decoded=${this.decoded} .target=${target}></decode-axis>
      <div class="title">
        <h3>Logits, ${symbol}: draw on them</h3>
        <span class="hint">with the pointer, or the arrow keys</span>
      </div>
      <logit-chart
        .logits=${logits}
        .text=${textLevels(state.seed, state.leak, state.dimension)}
        .cursor=${cursor}
        .symbol=${symbol}
        .reading=${read}
        @bin-hover=${this.#look}
        @draw-stroke=${(event: CustomEvent<Stroke>) =>
          this.#edit((logits, edits) => drawn(logits, edits, this.brush, event.detail))}
        @raise-logit=${({ detail }: CustomEvent<{ bin: number; amount: number }>) =>
          this.#edit((logits, edits) => raised(logits, edits, this.brush, detail.bin, detail.amount))}
      ></logit-chart>`;
  }

  #look(event: CustomEvent<number | undefined>): void {
    this.cursor = event.detail;
  }

  #edit(change: (logits: Float32Array, edits: Edits | null) => Edits): void {
    const { state } = this;
    const d = state.dimension;
    const edits = change(actionLogits(state, d), state.edits[d] ?? null);
    this.#change({ edits: replaced(state.edits, d, edits) });
  }

  #change(change: Partial<HeadState>): void {
    // Several pointer events may come before the parent hands the new state down; each builds on the one before.
    this.state = { ...this.state, ...change };
    this.dispatchEvent(new CustomEvent("state-change", { detail: change }));
  }
}

function drawnInWords(decoded: Decoded | undefined): string {
  const lost = decoded?.samples.filter((sample) => !sample.isAction).length ?? 0;
  return `${draws} draws${lost === 0 ? "" : `, ${lost} of them no action`}`;
}
