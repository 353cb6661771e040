import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controlStyles } from "../shared/controls.ts";
import "./formula-field.ts";
import { misfit } from "./link.ts";
import {
  defaults,
  dimensionOf,
  type FamilyName,
  families,
  familyOf,
  type Parameter,
  presetOf,
  presets,
  type Settings,
} from "./model.ts";
import type { FormulaProblem } from "./source.ts";

const targets = [
  [6, "a million"],
  [7, "10 million"],
  [8, "100 million"],
  [9, "a billion"],
  [10, "10 billion"],
  [11, "100 billion"],
] as const;

/**
 * What is asked, and how far to go.
 *
 * @event settings-change - A change; `detail` is a Partial<Settings>.
 * @event formula-enter - The reader wants it run.
 */
@customElement("question-form")
export class QuestionForm extends LitElement {
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
        min-width: 0;
      }

      .hint {
        color: var(--ink-faint);
        font-size: var(--text-xs);
      }

      select {
        width: 100%;
        min-height: 36px;
        padding: 0 var(--space-2);
        border: 1px solid var(--rule);
        border-radius: var(--radius);
        background: var(--paper-raised);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
        justify-content: space-between;
      }

      .row label {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
      }

      i {
        font-family: var(--serif);
      }

      .seed {
        width: 7rem;
      }

      .problem {
        color: var(--model-ink);
      }

      .narrow {
        width: auto;
        max-width: 9.5rem;
      }

      @media (pointer: coarse) {
        select {
          min-height: 44px;
        }
      }
    `,
  ];

  @property({ attribute: false }) settings: Settings = defaults;

  @property({ attribute: false }) problem: FormulaProblem | undefined;

  override render() {
    const { settings } = this;
    const preset = presetOf(settings);
    const family = familyOf(settings.family);
    const dimension = dimensionOf(settings.formula);
    const wrong = misfit(settings);
    return html`<div class="field">
        <label for="preset">Question</label>
        <select id="preset" @change=${this.#preset}>
          ${presets.map(({ id, title }) => html`<option value=${id} ?selected=${preset?.id === id}>${title}</option>`)}
          <option value="" ?selected=${!preset} ?disabled=${!!preset}>A formula of your own</option>
        </select>
        <span class="hint">${preset?.hint ?? "+ − * / ^, comparisons, exp, log, sqrt, sin, cos, abs, min, max …"}</span>
      </div>
      <formula-field
        .value=${settings.formula}
        .problem=${this.problem}
        @formula-input=${(event: CustomEvent<string>) => this.#change({ formula: event.detail })}
        @formula-enter=${() => this.dispatchEvent(new CustomEvent("formula-enter"))}
      ></formula-field>
      <div class="field">
        <label for="family">${dimension > 1 ? html`<i>x</i>[0] … <i>x</i>[${dimension - 1}], each on its own` : html`<i>x</i>`} drawn from</label>
        <select id="family" @change=${this.#family}>
          ${families.map(({ name, title }) => html`<option value=${name} ?selected=${name === settings.family}>${title}</option>`)}
        </select>
      </div>
      <div class="row">${family.parameters.map((parameter, i) => this.#parameter(parameter, i === 0 ? "a" : "b"))}</div>
      ${wrong ? html`<p class="problem" role="status">${wrong}</p>` : nothing}
      <div class="row">
        <label>Seed <input class="seed" type="number" min="0" max="4294967295" .value=${String(settings.seed)} @change=${this.#seed} /></label>
        <button type="button" title="Another seed" @click=${this.#dice}><span aria-hidden="true">⚄</span> Dice</button>
      </div>
      <div class="row">
        <label for="target">Stop at</label>
        <select id="target" class="narrow" @change=${(event: Event) => this.#change({ target: Number((event.target as HTMLSelectElement).value) })}>
          ${targets.map(([power, name]) => html`<option value=${power} ?selected=${power === settings.target}>${name}</option>`)}
        </select>
      </div>`;
  }

  #parameter({ symbol, name, least, most }: Parameter, key: "a" | "b") {
    return html`<label title=${name}
      ><i>${symbol}</i
      ><input
        type="number"
        step="any"
        min=${least}
        max=${most}
        aria-label="${symbol}, ${name}"
        .value=${String(this.settings[key])}
        @change=${(event: Event) => this.#number(event, key)}
    /></label>`;
  }

  #number(event: Event, key: "a" | "b"): void {
    const input = event.target as HTMLInputElement;
    const value = Number(input.valueAsNumber.toFixed(6));
    if (Number.isFinite(value)) this.#change({ [key]: value });
    else input.value = String(this.settings[key]);
  }

  #preset(event: Event): void {
    const preset = presets.find(({ id }) => id === (event.target as HTMLSelectElement).value);
    if (!preset) return;
    const { formula, family, a, b } = preset;
    this.#change({ formula, family, a, b });
  }

  #family(event: Event): void {
    const name = (event.target as HTMLSelectElement).value as FamilyName;
    const [a, b] = familyOf(name).parameters;
    this.#change({ family: name, a: a?.initial ?? 0, b: b?.initial ?? 0 });
  }

  #seed(event: Event): void {
    const input = event.target as HTMLInputElement;
    const seed = Math.min(2 ** 32 - 1, Math.max(0, Math.round(input.valueAsNumber)));
    if (Number.isFinite(seed)) this.#change({ seed });
    input.value = String(this.settings.seed);
  }

  #dice(): void {
    // Short seeds are easy to say aloud in a lecture.
    this.#change({ seed: crypto.getRandomValues(new Uint16Array(1))[0] ?? 0 });
  }

  #change(detail: Partial<Settings>): void {
    this.dispatchEvent(new CustomEvent("settings-change", { detail }));
  }
}
