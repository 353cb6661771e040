import { html, LitElement } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Engine } from "../../src/index.ts";
import { messageOf } from "../shared/backend-words.ts";
import { controlStyles } from "../shared/controls.ts";
import { EngineController } from "../shared/engine-controller.ts";
import { reading, spoken } from "./captions.ts";
import { Companions } from "./companions.ts";
import "./digit-ladder.ts";
import type { Share } from "./export.ts";
import { misfit } from "./link.ts";
import { LinkController } from "./link-controller.ts";
import { defaults, fanSamples, initialSamples, presetOf, type Settings, sameQuestion } from "./model.ts";
import { noticeStyles } from "./notice.styles.ts";
import type { Picture } from "./picture.ts";
import "./question-form.ts";
import "./race-bars.ts";
import { failureInWords, RunController } from "./run.ts";
import "./run-charts.ts";
import type { RunCharts } from "./run-charts.ts";
import "./run-stage.ts";
import "./run-words.ts";
import { evaluator64, formulaProblem } from "./source.ts";
import { type Truth, truthOf } from "./truth.ts";
import { varianceStyles } from "./variance-figure.styles.ts";

/** How many samples make a digit: a run that doubles them while the reader watches. */
@customElement("variance-figure")
export class VarianceFigure extends LitElement {
  static override styles = [controlStyles, noticeStyles, varianceStyles];

  readonly #engine = new EngineController(this);
  readonly #run = new RunController(this);
  readonly #companions = new Companions(this);
  readonly #link = new LinkController(this, (values) => {
    this.#linked = true;
    this.settings = { ...defaults, ...values };
  });
  /** Whether the formula came with a link. */
  #linked = false;
  /** Whether the run is the reader's own; the small one, drawn for every question, is not. */
  #asked = false;
  #preview: ReturnType<typeof setTimeout> | undefined;
  /** The engine and the question that were last begun. */
  #begun: { engine: Engine; settings: Settings } | undefined;
  #truth: { settings: Settings; truth: Truth | undefined } | undefined;
  #written: readonly unknown[] = [];
  #spoke = 0;
  #told = "";

  @query("run-charts") private charts!: RunCharts | null;

  @state() private settings: Settings = defaults;
  @state() private cursor: number | undefined;
  @state() private spoken = "";

  /** Changes part of the settings, as a link or a neighbour on the page may want. */
  change(change: Partial<Settings>): void {
    if (change.formula !== undefined) this.#linked = false;
    this.settings = { ...this.settings, ...change };
  }

  override render() {
    const { settings } = this;
    const picture = this.#picture();
    const read = this.cursor === undefined ? "" : reading(picture, this.cursor);
    const changed = (event: CustomEvent<Partial<Settings>>) => this.change(event.detail);
    return html`${this.#notices()}
      <div class="body">
        <run-stage
          .settings=${settings}
          .progress=${this.#run.progress}
          .truth=${picture.truth}
          .asked=${this.#asked}
          .unfinished=${this.#unfinished}
          .blocked=${this.#blocked || !this.#engine.engine}
          @run-press=${this.#press}
          @run-cancel=${this.#cancel}
          @run-reset=${this.#reset}
        ></run-stage>
        <question-form
          .settings=${settings}
          .problem=${this.#problem}
          @settings-change=${changed}
          @formula-enter=${this.#enter}
        ></question-form>
        <run-charts
          .picture=${picture}
          .settings=${settings}
          .refusals=${this.#companions.refusals}
          .cursor=${this.cursor}
          .reading=${read}
          @settings-change=${changed}
          @rung-hover=${(event: CustomEvent<number | undefined>) => {
            this.cursor = event.detail;
          }}
        ></run-charts>
        <div class="aside">${this.#aside()}</div>
      </div>
      <run-words .share=${() => this.#share(picture)}></run-words>
      <span class="visually-hidden" aria-live="polite">${this.spoken}</span>`;
  }

  protected override updated(): void {
    this.#writeLink();
    this.#begin();
    this.#speak();
  }

  /** Redraws once a frame, however much happens in it. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise(requestAnimationFrame);
    super.scheduleUpdate();
  }

  #aside() {
    const { race: measured } = this.#companions;
    const { bestRate = 0 } = this.#run;
    // A long rung times a GPU better than the race's short one.
    const race = measured.gpu
      ? { ...measured, gpu: { ...measured.gpu, rate: Math.max(measured.gpu.rate, bestRate) } }
      : measured;
    return html`<section aria-labelledby="ladder-title">
        <h3 id="ladder-title">The ink runs to the right</h3>
        <digit-ladder .rungs=${this.#run.rungs} .cursor=${this.cursor}></digit-ladder>
        <p class="hint">A digit is in full ink once the 95 % interval is no wider than one unit of it.</p>
      </section>
      <section aria-labelledby="race-title">
        <h3 id="race-title">The same samples, GPU and CPU</h3>
        <race-bars .race=${race}></race-bars>
      </section>`;
  }

  #notices() {
    const engine = this.#engine.render({ pending: () => "", ready: () => "", error: messageOf });
    const waiting = this.#waiting
      ? "This link brings a formula of its own. Nothing is computed before you press Run."
      : "";
    return [
      ...this.#link.problems.map((problem) => `Left out of the link: ${problem}.`),
      waiting,
      failureInWords(this.#run.failure),
      engine,
    ]
      .filter(Boolean)
      .map((sentence) => html`<p class="notice" role="status">${sentence}</p>`);
  }

  get #problem() {
    return formulaProblem(this.settings.formula);
  }

  /** Whether the question cannot be asked as it stands. */
  get #blocked(): boolean {
    return this.#problem !== undefined || misfit(this.settings) !== undefined;
  }

  /** Whether a link brought a formula that is not the page's own, and the reader has not yet agreed to it. */
  get #waiting(): boolean {
    return this.#linked && !presetOf(this.settings);
  }

  #share(picture: Picture): Share {
    const { settings } = this;
    return { settings, picture, race: this.#companions.race, charts: this.charts?.pictures ?? [] };
  }

  #picture(): Picture {
    const { settings } = this;
    const { rungs } = this.#run;
    const truth = this.#truthNow();
    const last = rungs.at(-1);
    const { variance } = last?.estimate ?? { variance: Number.NaN };
    const deviation = truth ? truth.deviation : variance > 0 ? Math.sqrt(variance) : undefined;
    return {
      most: 10 ** settings.target,
      rungs,
      truth,
      centre: [truth?.mean, last?.estimate.mean, last?.estimate.finiteMean].find(Number.isFinite) ?? 0,
      deviation,
      fan: this.#companions.fan,
      checkpoints: this.#companions.checkpoints,
      cloud: this.#companions.cloud,
      ladders: this.#companions.ladders.filter(({ method }) => settings.methods.includes(method)),
      backend: this.#engine.engine?.backend ?? "webgpu",
      view: settings.view,
    };
  }

  #truthNow(): Truth | undefined {
    const { settings } = this;
    if (this.#blocked || this.#waiting) return undefined;
    if (!this.#truth || !sameQuestion(this.#truth.settings, settings)) {
      this.#truth = { settings, truth: truthOf(settings, evaluator64(settings.formula)) };
    }
    return this.#truth.truth;
  }

  /** Draws a small run for a new question. */
  #begin(): void {
    const { engine } = this.#engine;
    const { settings } = this;
    if (!engine) return;
    const begun = this.#begun;
    if (begun && sameQuestion(begun.settings, settings) && begun.settings.seed === settings.seed) {
      this.#begun = { engine, settings };
      if (begun.engine !== engine) {
        // Another engine goes on with the same bits: what was found stays.
        this.#run.pause();
        this.#companions.forgetRace();
      } else if (this.#asked && begun.settings.methods !== settings.methods) {
        this.#companions.measure(engine, settings);
      }
      return;
    }
    const typed = begun !== undefined && begun.settings.formula !== settings.formula;
    this.#forget();
    this.#begun = { engine, settings };
    if (this.#blocked || this.#waiting) return;
    // Waits for the typing to end: each formula is a shader of its own.
    this.#preview = setTimeout(
      () => {
        void this.#run.start(engine, settings, initialSamples, false);
        void this.#companions.draw(settings, fanSamples.initial);
      },
      typed && !presetOf(settings) ? 400 : 0,
    );
  }

  /** Ends what is under way, and clears the page of its numbers. */
  #forget(): void {
    clearTimeout(this.#preview);
    this.#asked = false;
    this.cursor = undefined;
    this.#run.reset();
    this.#companions.reset();
  }

  /** Enter in the formula runs it, and never pauses. */
  #enter(): void {
    if (!this.#asked || this.#run.phase !== "running") this.#press();
  }

  #press(): void {
    const { engine } = this.#engine;
    const { settings } = this;
    if (!engine || this.#blocked) return;
    const calm = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const phase = this.#asked ? this.#run.phase : "idle";
    if (phase === "running") {
      this.#run.pause();
      return;
    }
    // What was typed in this very frame counts, too.
    this.#begin();
    clearTimeout(this.#preview);
    const goesOn = phase === "paused" || this.#unfinished;
    this.#asked = true;
    this.#linked = false;
    const most = 10 ** settings.target;
    const between = this.#companions.accompany(engine, settings);
    if (goesOn) void this.#run.resume(engine, most, calm, between);
    else void this.#run.start(engine, settings, most, calm, between);
  }

  /** Whether the reader's run has ended, and has since been given further to go. */
  get #unfinished(): boolean {
    return this.#asked && this.#run.canGoOn && this.#run.samples < 10 ** this.settings.target;
  }

  #cancel(): void {
    this.#run.cancel();
    this.#companions.stop();
  }

  #reset(): void {
    this.#forget();
    this.#begun = undefined;
    this.#linked = false;
    this.settings = { ...defaults };
  }

  #writeLink(): void {
    const { backend } = this.#engine.engine ?? { backend: "" };
    if (this.#written[0] === this.settings && this.#written[1] === backend) return;
    this.#written = [this.settings, backend];
    if (!misfit(this.settings)) this.#link.write(this.settings);
  }

  /** Tells a screen reader every few seconds at most, and at the end. */
  #speak(): void {
    const { phase, latest } = this.#run;
    if (phase === "idle" || !latest) return;
    const now = performance.now();
    const ended = phase === "done" || phase === "paused";
    const key = ended ? `${phase} ${latest.samples}` : String(latest.samples);
    if (key === this.#told || (!ended && now - this.#spoke < 5000)) return;
    this.#told = key;
    this.#spoke = now;
    const words = `${phase === "paused" ? "Paused. " : phase === "done" ? "Done. " : ""}${spoken(this.#picture())}`;
    setTimeout(() => {
      this.spoken = words;
    }, 0);
  }
}
