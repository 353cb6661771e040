import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controlStyles } from "../shared/controls.ts";
import "../shared/segmented-choice.ts";
import { type Brush, brushes } from "./edits.ts";
import { defaults, dimensions, type HeadState, replaced, temperatureRange, type Vocabulary } from "./model.ts";
import "./slider-field.ts";

const vocabularies = [
  { value: "full", label: "all 32,064 ids" },
  { value: "actions", label: "256 action ids" },
];
const pens = brushes.map((brush) => ({ value: String(brush), label: brush === 1 ? "1 bin" : `${brush} bins` }));
const vocabularyNotes: Record<Vocabulary, string> = {
  full: "as OpenVLA trains and decodes: nothing masks the head",
  actions: "as RT-2 constrains its decoding",
};

/**
 * Everything that the reader can turn.
 *
 * @event state-change - A change of the state; `detail` is a Partial<HeadState>.
 * @event brush-change - Another width of pen; `detail` is a Brush.
 */
@customElement("head-controls")
export class HeadControls extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
        align-content: start;
        font: 400 var(--text-s) / 1.35 var(--sans);
      }

      .field {
        display: grid;
        gap: var(--space-1);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
        justify-content: space-between;
      }

      .hint {
        color: var(--ink-faint);
        font-size: var(--text-xs);
      }

      segmented-choice {
        display: flex;
      }

      .seed {
        width: 7.5rem;
      }
    `,
  ];

  @property({ attribute: false }) state: HeadState = defaults;

  /** The demonstrated action of the chosen dimension. */
  @property({ type: Number }) target = 0;

  @property({ type: Number }) brush: Brush = 9;

  override render() {
    const { state } = this;
    const symbol = dimensions[state.dimension]?.symbol ?? "";
    return html`
      <div class="field">
        <span>Softmax over</span>
        <segmented-choice
          label="Softmax over"
          .options=${vocabularies}
          .value=${state.vocabulary}
          @choice-change=${(event: CustomEvent<Vocabulary>) => this.#change({ vocabulary: event.detail })}
        ></segmented-choice>
        <span class="hint">${vocabularyNotes[state.vocabulary]}</span>
      </div>
      ${this.#slider("temperature", "Temperature", "0.05 sharpens · 1 as trained · 10 flattens", ...temperatureRange, 0.01, true)}
      ${this.#slider("leak", "Leak into text", "added to every text logit · 0 is a well-trained head", 0, 16, 0.5)}
      ${this.#slider("ambiguity", "Ambiguity of the task", "0 one way to do it · 100 two equal ways", 0, 100, 1)}
      ${this.#slider("sharpness", "Sharpness", "0 unsure of the bin · 100 certain", 0, 100, 1)}
      <div class="field">
        <div class="row">
          <label for="target">Demonstrated ${symbol}, a*</label>
          <input id="target" type="number" min="-1" max="1" step="0.005" .value=${String(this.target)} @change=${this.#aim} />
        </div>
      </div>
      <div class="field">
        <span>Pen for the logits</span>
        <segmented-choice
          label="Pen for the logits"
          .options=${pens}
          .value=${String(this.brush)}
          @choice-change=${(event: CustomEvent<string>) =>
            this.dispatchEvent(new CustomEvent("brush-change", { detail: Number(event.detail) }))}
        ></segmented-choice>
      </div>
      <div class="field">
        <div class="row">
          <label for="seed">Seed</label>
          <span>
            <input id="seed" class="seed" type="number" min="0" max="4294967295" .value=${String(state.seed)} @change=${this.#seed} />
            <button type="button" title="Another head at random" @click=${this.#dice}><span aria-hidden="true">⚄</span> Dice</button>
          </span>
        </div>
      </div>
      <div class="row">
        <button type="button" ?disabled=${!state.edits.some(Boolean)} @click=${() => this.#change({ edits: defaults.edits })}>
          Clear the pen
        </button>
        <button type="button" @click=${() => this.#change(defaults)}>Reset all</button>
      </div>
    `;
  }

  #slider(
    key: "temperature" | "leak" | "ambiguity" | "sharpness",
    label: string,
    hint: string,
    min: number,
    max: number,
    step: number,
    logarithmic = false,
  ) {
    return html`<slider-field
      data-key=${key}
      label=${label}
      hint=${hint}
      .min=${min}
      .max=${max}
      .step=${step}
      .logarithmic=${logarithmic}
      .value=${this.state[key]}
      @value-change=${(event: CustomEvent<number>) => this.#change({ [key]: event.detail })}
    ></slider-field>`;
  }

  #aim(event: Event): void {
    const input = event.target as HTMLInputElement;
    const { dimension, targets } = this.state;
    if (Number.isFinite(input.valueAsNumber)) {
      const target = Math.round(1000 * Math.min(1, Math.max(-1, input.valueAsNumber))) / 1000;
      this.#change({ targets: replaced(targets, dimension, target) });
    }
    input.value = String(this.target);
  }

  #seed(event: Event): void {
    const input = event.target as HTMLInputElement;
    const seed = Math.min(2 ** 32 - 1, Math.max(0, Math.round(input.valueAsNumber)));
    if (Number.isFinite(seed)) this.#reseed(seed);
    input.value = String(this.state.seed);
  }

  #dice(): void {
    // Short seeds are easy to say aloud in a lecture.
    this.#reseed(crypto.getRandomValues(new Uint16Array(1))[0] ?? 0);
  }

  /** Another head: what was drawn on the old one, and its demonstration, go with it. */
  #reseed(seed: number): void {
    this.#change({ seed, edits: defaults.edits, targets: defaults.targets, draw: 0 });
  }

  #change(detail: Partial<HeadState>): void {
    this.dispatchEvent(new CustomEvent("state-change", { detail }));
  }
}
