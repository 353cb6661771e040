import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controlStyles } from "../shared/controls.ts";
import { thousands } from "../shared/format.ts";
import "../shared/settling-digits.ts";
import { againstTruth, spread, truthInWords, underInWords } from "./captions.ts";
import { defaults, type Settings } from "./model.ts";
import { halfWidth } from "./picture.ts";
import type { Progress } from "./run.ts";
import "./run-strip.ts";
import type { Truth } from "./truth.ts";
import { countInWords, duration, rateInWords } from "./words.ts";

/**
 * The question, the estimate in settling digits, and the buttons that move it.
 *
 * @event run-press - The big button: run, pause or resume.
 * @event run-cancel - Stop here.
 * @event run-reset - Back to what the page began with.
 */
@customElement("run-stage")
export class RunStage extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        font: 400 var(--text-m) / 1.5 var(--sans);
        font-variant-numeric: tabular-nums lining-nums;
      }

      p {
        margin: 0;
      }

      .asked {
        font-size: var(--text-l);
        line-height: 1.3;
        overflow-wrap: anywhere;
      }

      code {
        font: 400 0.92em / 1.3 var(--mono);
        font-variant-ligatures: none;
      }

      .bracket {
        padding-inline: 0.1em;
        font-weight: 300;
      }

      .soft {
        color: var(--ink-soft);
        font-size: var(--text-m);
      }

      .number {
        margin: var(--space-1) 0 var(--space-2);
        font-size: clamp(2.6rem, 1rem + 7.5vw, 6.4rem);
        font-weight: 300;
        line-height: 1.08;
        letter-spacing: -0.025em;
      }

      .faint {
        color: var(--digit-faded);
      }

      .under {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-5);
        min-height: 1.5em;
        color: var(--ink-soft);
      }

      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
        margin-block: var(--space-5) var(--space-5);
      }

      .buttons button {
        min-height: 46px;
      }

      button.run {
        min-width: 8.5rem;
        border-color: var(--ink);
        background: var(--ink);
        color: var(--paper);
        font-size: 1.0625rem;
        font-weight: 600;
      }

      button.run:hover:not(:disabled) {
        background: var(--ink-soft);
      }

      button.run:disabled {
        border-color: var(--rule);
        background: var(--rule);
        color: var(--ink-soft);
      }

      run-strip {
        margin-top: auto;
      }

      .progress {
        min-height: 1.5em;
        margin-top: var(--space-2);
        color: var(--ink-soft);
        font-size: var(--text-s);
      }

      b {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) settings: Settings = defaults;

  /** Where the run stands; undefined before the first sample. */
  @property({ attribute: false }) progress: Progress | undefined;

  @property({ attribute: false }) truth: Truth | undefined;

  /** Whether the run is the reader's, so that it can be paused. */
  @property({ type: Boolean }) asked = false;

  /** Whether a run that has ended has since been given further to go. */
  @property({ type: Boolean }) unfinished = false;

  /** Whether nothing can be run as things are. */
  @property({ type: Boolean }) blocked = false;

  override render() {
    const { progress, settings } = this;
    const last = progress?.rungs.at(-1);
    return html`<p class="asked">
        E<span class="bracket">[</span><code>${settings.formula}</code><span class="bracket">]</span>
        <span class="soft">under ${underInWords(settings)}</span>
      </p>
      <p class="number" data-bits=${last ? last.estimate.mean : nothing}>
        ${
          last
            ? html`<settling-digits .value=${last.estimate.mean} .halfWidth=${halfWidth(last)}></settling-digits>`
            : html`<span class="faint">–</span>`
        }
      </p>
      <p class="under">${this.#under()}</p>
      ${this.#buttons()}
      <run-strip .samples=${progress?.samples ?? 0} .most=${10 ** settings.target}></run-strip>
      <p class="progress">${this.#progress()}</p>`;
  }

  #under() {
    const { truth } = this;
    const last = this.progress?.rungs.at(-1);
    if (!last) return this.blocked ? "" : "Press Run to draw samples.";
    return html`<span>${spread(last)}</span> ${
      truth
        ? html`<span>truth ${truthInWords(truth)}</span> <span>${againstTruth(last, truth)}</span>`
        : html`<span>the truth is not known here</span>`
    }`;
  }

  #buttons() {
    const phase = this.asked ? this.progress?.phase : "idle";
    const name = phase === "running" ? "Pause" : phase === "paused" ? "Resume" : this.unfinished ? "Go on" : "Run";
    const send = (event: string) => () => this.dispatchEvent(new CustomEvent(event));
    return html`<div class="buttons">
      <button type="button" class="run" ?disabled=${this.blocked} @click=${send("run-press")}>${name}</button>
      <button type="button" ?disabled=${phase !== "running" && phase !== "paused"} @click=${send("run-cancel")}>Cancel</button>
      <button type="button" @click=${send("run-reset")}>Reset</button>
    </div>`;
  }

  #progress() {
    const { progress } = this;
    if (!progress || progress.phase === "idle") return "";
    const { phase, samples, rate, seconds } = progress;
    const most = 10 ** this.settings.target;
    const speed = rate === undefined ? "" : ` · ${rateInWords(rate)}`;
    if (phase === "done") return html`<b>${thousands(samples)}</b> samples in ${duration(seconds)}${speed}`;
    const left = rate && phase === "running" ? ` · about ${duration((most - samples) / rate)} left` : "";
    return html`<b>${countInWords(samples)}</b> of ${countInWords(most)}${phase === "paused" ? " · paused" : ""}${speed}${left}`;
  }
}
