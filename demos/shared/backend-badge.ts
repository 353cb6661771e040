import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { backendWords } from "./backend-words.ts";
import { controlStyles } from "./controls.ts";
import type { EngineStatus } from "./engine-controller.ts";
import { type Backend, PreferencesController, setPreferences } from "./preferences.ts";
import "./segmented-choice.ts";

const engines = [
  { value: "auto", label: "GPU if there is one" },
  { value: "cpu", label: "CPU" },
];

/** Says which engine computes the page, and opens a dialog with the reason and a choice of engines. */
@customElement("backend-badge")
export class BackendBadge extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: inline-block;
        max-width: 100%;
      }

      .badge {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        max-width: 100%;
        border-radius: 999px;
        font-weight: 500;
      }

      .name {
        overflow: hidden;
        max-width: 16rem;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .mark {
        font-size: 1.05em;
        line-height: 1;
      }

      .gpu .mark,
      .software .mark {
        color: var(--gpu);
      }

      .cpu .mark {
        color: var(--cpu);
      }

      .error .mark {
        color: var(--model);
      }

      dialog {
        width: min(34rem, calc(100vw - 2rem));
        padding: var(--space-5);
        border: 1px solid var(--rule-strong);
        border-radius: 10px;
        background: var(--paper-raised);
        color: var(--ink);
        font: 400 var(--text-m) / 1.55 var(--sans);
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }

      h2 {
        margin: 0 0 var(--space-2);
        font: 600 1.0625rem / 1.3 var(--sans);
      }

      p {
        margin: 0 0 var(--space-4);
      }

      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: var(--space-1) var(--space-4);
        margin: 0 0 var(--space-4);
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }

      dt {
        color: var(--ink-soft);
      }

      dd {
        margin: 0;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: center;
        justify-content: space-between;
      }
    `,
  ];

  readonly #preferences = new PreferencesController(this);

  @query("dialog") private dialog!: HTMLDialogElement;

  @state() private copied = false;

  /** The engine's state, as EngineController announces it. */
  @property({ attribute: false }) status: EngineStatus = { state: "pending" };

  override render() {
    const words = backendWords(this.status);
    return html`<button
        type="button"
        class="badge ${words.kind}"
        aria-haspopup="dialog"
        title="Which engine computes this page, and why"
        @click=${() => this.dialog.showModal()}
      >
        <span class="mark" aria-hidden="true">${words.mark}</span><span class="name">${words.name}</span>
      </button>
      <dialog aria-labelledby="title">
        <h2 id="title">${words.name}</h2>
        <p>${words.sentence}</p>
        ${this.#diagnosis()}
        <div class="row">
          <segmented-choice
            label="Engine"
            .options=${engines}
            .value=${this.#preferences.value.backend}
            @choice-change=${(event: CustomEvent<Backend>) => setPreferences({ backend: event.detail })}
          ></segmented-choice>
          <span>
            <button type="button" @click=${this.#copy}>${this.copied ? "Copied" : "Copy as JSON"}</button>
            <button type="button" @click=${() => this.dialog.close()}>Close</button>
          </span>
        </div>
      </dialog>`;
  }

  #diagnosis() {
    if (this.status.state !== "ready") return nothing;
    const { adapter, backend, diagnosis } = this.status.engine;
    const rows: [string, string][] = [];
    if (adapter) rows.push(["Vendor", adapter.vendor || "–"], ["Architecture", adapter.architecture || "–"]);
    if (adapter?.description) rows.push(["Description", adapter.description]);
    if (diagnosis) rows.push(["Diagnosis", diagnosis.code]);
    if (diagnosis && backend === "cpu" && diagnosis.code !== "asked-for-cpu")
      rows.push(["What happened", diagnosis.message]);
    if (diagnosis && diagnosis.code !== "asked-for-cpu") rows.push(["What to do", diagnosis.fix]);
    return rows.length === 0
      ? nothing
      : html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
  }

  async #copy(): Promise<void> {
    const { status } = this;
    const facts =
      status.state === "ready"
        ? { backend: status.engine.backend, adapter: status.engine.adapter, diagnosis: status.engine.diagnosis }
        : { state: status.state };
    await navigator.clipboard.writeText(
      JSON.stringify({ ...facts, secure: isSecureContext, browser: navigator.userAgent }, null, 2),
    );
    this.copied = true;
    setTimeout(() => {
      this.copied = false;
    }, 2000);
  }
}
