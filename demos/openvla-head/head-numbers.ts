import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fixed, percent, scientific, thousands } from "../shared/format.ts";
import { inUnits, type Units } from "../shared/preferences.ts";
import type { Result } from "./compute.ts";
import type { Decoded } from "./decode.ts";
import { dimensions } from "./model.ts";

/** The numbers of the chosen dimension, and the mean of all seven losses. */
@customElement("head-numbers")
export class HeadNumbers extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: 400 var(--text-s) / 1.4 var(--sans);
      font-variant-numeric: tabular-nums lining-nums;
    }

    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
      gap: var(--space-4) var(--space-5);
      margin: 0;
    }

    div {
      padding-top: var(--space-2);
      border-top: 1px solid var(--rule-strong);
    }

    dt {
      color: var(--ink-soft);
    }

    dd {
      margin: 0;
    }

    .value {
      font-size: 1.625rem;
      line-height: 1.25;
      letter-spacing: -0.01em;
      white-space: nowrap;
    }

    .unit {
      color: var(--ink-soft);
      font-size: var(--text-s);
      letter-spacing: 0;
    }

    .note {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }
  `;

  @property({ attribute: false }) result: Result | undefined;

  @property({ attribute: false }) decoded: Decoded | undefined;

  @property({ type: Number }) dimension = 0;

  @property() units: Units = "nats";

  override render() {
    const row = this.result?.rows[this.dimension];
    if (!this.result || !row || !this.decoded) return html``;
    const symbol = dimensions[this.dimension]?.symbol ?? "";
    const info = (nats: number) => fixed(inUnits(nats, this.units), 3);
    const rank = row.targetRank;
    return html`<dl>
      ${this.#number("entropy", html`Entropy H(q), ${symbol}`, info(row.entropy), this.units, `as spread as ${perplexity(row.entropy)} equal bins`)}
      ${this.#number("outside", "Mass on no action", percent(row.outside.text + row.outside.padding), "", `of the full vocabulary, ${symbol}`)}
      ${this.#number(
        "loss",
        html`Loss ℓ = −log q(a*), ${symbol}`,
        info(row.loss),
        this.units,
        `q(a*) = ${percent(row.targetProbability)}, ${rank === 0 ? "the likeliest id" : `${thousands(rank)} ids are likelier`}`,
      )}
      ${this.#number("mean-loss", "Mean loss of the 7", info(this.result.meanLoss), this.units, "training counts the stop token too")}
      ${this.#number("cost", "Expected cost E[(a − a*)²]", cost(this.decoded.expectedCost), "", `of a sampled action, ${symbol}`)}
    </dl>`;
  }

  #number(id: string, name: unknown, value: string, unit: string, note: string) {
    return html`<div>
      <dt>${name}</dt>
      <dd><span class="value" data-number=${id}>${value}</span> <span class="unit">${unit}</span></dd>
      <dd class="note">${note}</dd>
    </div>`;
  }
}

function perplexity(entropy: number): string {
  const count = Math.exp(entropy);
  return count >= 1000 ? thousands(Math.round(count)) : fixed(count, count < 10 ? 2 : 1);
}

function cost(value: number): string {
  return value !== 0 && value < 1e-3 ? scientific(value) : fixed(value, 4);
}
