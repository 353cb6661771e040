import { html, LitElement, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { messageOf } from "../shared/backend-words.ts";
import { controlStyles } from "../shared/controls.ts";
import { EngineController } from "../shared/engine-controller.ts";
import { Latest } from "../shared/latest.ts";
import { PreferencesController } from "../shared/preferences.ts";
import "./bin-lens.ts";
import { caption, provenance } from "./captions.ts";
import { compute, type Result } from "./compute.ts";
import { type Decoded, decodeRow } from "./decode.ts";
import "./dimension-strip.ts";
import type { Brush } from "./edits.ts";
import { downloadCsv, downloadJson, downloadSvg } from "./figure-tools.ts";
import "./head-charts.ts";
import type { HeadCharts } from "./head-charts.ts";
import "./head-controls.ts";
import "./head-numbers.ts";
import "./head-table.ts";
import { LinkController } from "./link-controller.ts";
import { makeHead, targetsOf } from "./logits.ts";
import { defaults, type HeadState } from "./model.ts";
import { headStyles } from "./openvla-head.styles.ts";
import "./overflow-panel.ts";

/** The action head of OpenVLA: seven distributions over 32,064 ids, to be looked into, drawn on and decoded. */
@customElement("openvla-head")
export class OpenvlaHead extends LitElement {
  static override styles = [controlStyles, headStyles];

  readonly #engine = new EngineController(this);
  readonly #preferences = new PreferencesController(this);
  readonly #latest = new Latest();
  readonly #link = new LinkController(this, (values) => {
    this.state = { ...defaults, ...values };
  });
  /** The engine and the state that were last computed, or are about to be. */
  #asked: readonly unknown[] = [];
  #written: readonly unknown[] = [];
  readonly #warm = new WeakSet<object>();
  #speaking: ReturnType<typeof setTimeout> | undefined;

  @query("head-charts") private charts!: HeadCharts | null;

  @state() private state: HeadState = defaults;
  @state() private brush: Brush = 9;
  @state() private result: Result | undefined;
  @state() private failure = "";
  @state() private tableShown = false;
  @state() private spoken = "";

  /** Changes part of the state, as a link or a neighbour on the page may want. */
  change(change: Partial<HeadState>): void {
    this.state = { ...this.state, ...change };
  }

  override render() {
    const { state, result } = this;
    const target = targetsOf(state)[state.dimension] ?? 0;
    const decoded = result && decodedOf(result, state.dimension);
    const { units } = this.#preferences.value;
    const changed = (event: CustomEvent<Partial<HeadState>>) => this.change(event.detail);
    return html`${this.#notices()}
      <div class=${result ? "" : "waiting"}>
        <dimension-strip
          .rows=${result?.rows ?? []}
          .targets=${targetsOf(state)}
          .selected=${state.dimension}
          .units=${units}
          @dimension-change=${(event: CustomEvent<number>) => this.change({ dimension: event.detail })}
        ></dimension-strip>
        <div class="body">
          <head-charts
            .state=${state}
            .result=${result}
            .decoded=${decoded}
            .units=${units}
            .brush=${this.brush}
            @state-change=${changed}
          ></head-charts>
          <head-controls
            .state=${state}
            .target=${target}
            .brush=${this.brush}
            @state-change=${changed}
            @brush-change=${(event: CustomEvent<Brush>) => {
              this.brush = event.detail;
            }}
          ></head-controls>
        </div>
        <head-numbers .result=${result} .decoded=${decoded} .dimension=${state.dimension} .units=${units}></head-numbers>
        ${result && decoded ? this.#words(result, decoded) : nothing}
        <div class="insets">${this.#overflow()} ${this.#lens(target)}</div>
      </div>
      <span class="visually-hidden" aria-live="polite">${this.spoken}</span>`;
  }

  protected override updated(): void {
    const { engine } = this.#engine;
    const { state } = this;
    const { units, backend } = this.#preferences.value;
    if (!same(this.#written, [state, units, backend])) {
      this.#written = [state, units, backend];
      this.#link.write(state);
    }
    if (!engine || same(this.#asked, [engine, state])) return;
    this.#asked = [engine, state];
    this.#latest.run(async () => {
      try {
        const head = makeHead(state);
        this.result = await compute(engine, head, state);
        // The time of an engine's first run is mostly the compiler's; show the second's.
        if (!this.#warm.has(engine)) this.result = await compute(engine, head, state);
        this.#warm.add(engine);
        this.failure = "";
        this.#speak();
      } catch (error) {
        this.#fail(error, engine === this.#engine.engine);
      }
    });
  }

  /** Redraws once a frame, however many events there are in it. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise(requestAnimationFrame);
    super.scheduleUpdate();
  }

  #notices() {
    const engine = this.#engine.render({ pending: () => "", ready: () => "", error: messageOf });
    const sentences = [
      ...this.#link.problems.map((problem) => `Left out of the link: ${problem}.`),
      this.failure,
      engine,
    ];
    return sentences.filter(Boolean).map((sentence) => html`<p class="notice" role="status">${sentence}</p>`);
  }

  #words(result: Result, decoded: Decoded) {
    const { units } = this.#preferences.value;
    const { dimension } = this.state;
    return html`<p class="caption">${caption(result, dimension, decoded, units)}</p>
      <p class="provenance">${provenance(result)}</p>
      <div class="tools" role="group" aria-label="The numbers behind the figure">
        <button type="button" aria-expanded=${this.tableShown} @click=${this.#toggleTable}>Table</button>
        <button type="button" @click=${() => downloadCsv(result)}>CSV</button>
        <button type="button" @click=${() => downloadJson(result)}>JSON</button>
        <button type="button" @click=${() => this.charts?.picture && downloadSvg(this.charts.picture, result.state)}>
          SVG
        </button>
      </div>
      ${this.tableShown ? html`<head-table .result=${result} .units=${units}></head-table>` : nothing}`;
  }

  #overflow() {
    return html`<section aria-labelledby="overflow">
      <h3 id="overflow">Add 10,000 to every logit</h3>
      <p>Softmax only sees differences, so on paper nothing changes. In f32, exp(89) is already infinite.</p>
      <label class="switch">
        <input
          type="checkbox"
          .checked=${this.state.shift}
          @change=${(event: Event) => this.change({ shift: (event.target as HTMLInputElement).checked })}
        />
        10,000 is added
      </label>
      <overflow-panel .result=${this.result} .dimension=${this.state.dimension}></overflow-panel>
    </section>`;
  }

  #lens(target: number) {
    return html`<section aria-labelledby="lens">
      <h3 id="lens">One bin under the magnifying glass</h3>
      <p>RT-1 has the same edges, but returns the left one: on average it falls short by half a bin. OpenVLA returns the centre.</p>
      <bin-lens .target=${target}></bin-lens>
    </section>`;
  }

  #toggleTable(): void {
    this.tableShown = !this.tableShown;
  }

  #fail(error: unknown, current: boolean): void {
    // An engine that was replaced in the middle of a run has nothing to report.
    if (!current) return;
    if (error instanceof Error && "code" in error && error.code === "device-lost") this.#engine.restart();
    else this.failure = messageOf(error);
  }

  /** Tells a screen reader, once the reader has paused. */
  #speak(): void {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => {
      const { result } = this;
      const { dimension } = this.state;
      if (result) this.spoken = caption(result, dimension, decodedOf(result, dimension), this.#preferences.value.units);
    }, 1200);
  }
}

function decodedOf({ rows, head, state }: Result, dimension: number): Decoded | undefined {
  const row = rows[dimension];
  return row && decodeRow(row, head.targets[dimension] ?? 0, state.seed, dimension, state.draw);
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
