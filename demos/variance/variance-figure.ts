import { html, LitElement, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Engine } from "../../src/index.ts";
import { messageOf } from "../shared/backend-words.ts";
import { controlStyles } from "../shared/controls.ts";
import { EngineController } from "../shared/engine-controller.ts";
import { thousands } from "../shared/format.ts";
import "../shared/segmented-choice.ts";
import "../shared/settling-digits.ts";
import { againstTruth, caption, reading, spoken, spread, truthInWords, underInWords } from "./captions.ts";
import { Companions } from "./companions.ts";
import "./digit-ladder.ts";
import "./error-chart.ts";
import type { ErrorChart } from "./error-chart.ts";
import { downloadCsv, downloadJson, downloadPng, downloadSvg, type Share } from "./export.ts";
import "./fan-chart.ts";
import type { FanChart } from "./fan-chart.ts";
import { misfit } from "./link.ts";
import { LinkController } from "./link-controller.ts";
import { marker, methodNames } from "./methods.ts";
import {
  allMethods,
  defaults,
  fanSamples,
  initialSamples,
  type LadderMethod,
  presetOf,
  type Settings,
  sameQuestion,
} from "./model.ts";
import { halfWidth, type Picture } from "./picture.ts";
import "./question-form.ts";
import "./race-bars.ts";
import { failureInWords, RunController } from "./run.ts";
import "./run-strip.ts";
import { evaluator64, formulaProblem } from "./source.ts";
import { type Truth, truthOf } from "./truth.ts";
import { varianceStyles } from "./variance-figure.styles.ts";
import "./variance-table.ts";
import { countInWords, duration, rateInWords } from "./words.ts";

const views = [
  { value: "funnel", label: "as it is" },
  { value: "magnified", label: "× √N" },
];

/** How many samples make a digit: a run that doubles them while the reader watches. */
@customElement("variance-figure")
export class VarianceFigure extends LitElement {
  static override styles = [controlStyles, varianceStyles];

  readonly #engine = new EngineController(this);
  readonly #run = new RunController(this);
  readonly #companions = new Companions(this);
  readonly #link = new LinkController(this, (values) => {
    this.#linked = true;
    this.settings = { ...defaults, ...values };
  });
  /** Whether the formula came with a link: it then waits for a press of the button. */
  #linked = false;
  /** The engine and the question that were last begun. */
  #begun: { engine: Engine; settings: Settings } | undefined;
  #truth: { settings: Settings; truth: Truth | undefined } | undefined;
  #written: readonly unknown[] = [];
  #spoke = 0;
  #told = "";

  @query("fan-chart") private fanChart!: FanChart | null;
  @query("error-chart") private errorChart!: ErrorChart | null;

  @state() private settings: Settings = defaults;
  @state() private cursor: number | undefined;
  @state() private tableShown = false;
  @state() private spoken = "";

  /** Changes part of the settings, as a link or a neighbour on the page may want. */
  change(change: Partial<Settings>): void {
    this.#linked = false;
    this.settings = { ...this.settings, ...change };
  }

  override render() {
    const picture = this.#picture();
    const read = this.cursor === undefined ? "" : reading(picture, this.cursor);
    return html`${this.#notices()}
      <div class="body">
        <div class="stage">${this.#stage(picture)}</div>
        <question-form
          .settings=${this.settings}
          .problem=${this.#problem()}
          @settings-change=${(event: CustomEvent<Partial<Settings>>) => this.change(event.detail)}
          @formula-enter=${this.#press}
        ></question-form>
        <div class="charts" @rung-hover=${(event: CustomEvent<number | undefined>) => {
          this.cursor = event.detail;
        }}>${this.#charts(picture, read)}</div>
        <div class="aside">${this.#aside()}</div>
      </div>
      ${this.#words(picture)}
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

  #stage(picture: Picture) {
    const last = this.#run.latest;
    const { truth } = picture;
    return html`<p class="asked">
        E<span class="bracket">[</span><code>${this.settings.formula}</code><span class="bracket">]</span>
        <span class="soft">under ${underInWords(this.settings)}</span>
      </p>
      <p class="number" data-bits=${last ? last.estimate.mean : nothing}>
        ${
          last
            ? html`<settling-digits .value=${last.estimate.mean} .halfWidth=${halfWidth(last)}></settling-digits>`
            : html`<span class="faint">…</span>`
        }
      </p>
      <p class="under">
        ${
          last
            ? html`<span>${spread(last)}</span>${truth ? html`<span>truth ${truthInWords(truth)}</span><span>${againstTruth(last, truth)}</span>` : html`<span>the truth is not known here</span>`}`
            : html`<span>Press Run to draw samples.</span>`
        }
      </p>
      <run-strip .samples=${this.#run.samples} .most=${10 ** this.settings.target} .phase=${this.#run.phase}></run-strip>
      ${this.#buttons()}`;
  }

  #buttons() {
    const { phase } = this.#run;
    const blocked = this.#problem() !== undefined || misfit(this.settings) !== undefined || !this.#engine.engine;
    const name = phase === "running" ? "Pause" : phase === "paused" ? "Resume" : "Run";
    return html`<div class="buttons">
      <button type="button" class="run" ?disabled=${blocked} @click=${this.#press}>${name}</button>
      <button type="button" ?disabled=${phase !== "running" && phase !== "paused"} @click=${this.#cancel}>Cancel</button>
      <button type="button" @click=${this.#reset}>Reset</button>
      <span class="progress">${this.#progress()}</span>
    </div>`;
  }

  #progress() {
    const { phase, samples, rate, seconds } = this.#run;
    const most = 10 ** this.settings.target;
    if (phase === "idle") return "";
    const speed = rate === undefined ? "" : ` · ${rateInWords(rate)}`;
    if (phase === "done") return html`<b>${thousands(samples)}</b> samples in ${duration(seconds)}${speed}`;
    const left = rate && phase === "running" ? ` · about ${duration((most - samples) / rate)} left` : "";
    return html`<b>${countInWords(samples)}</b> of ${countInWords(most)}${phase === "paused" ? " · paused" : ""}${speed}${left}`;
  }

  #charts(picture: Picture, read: string) {
    return html`<section aria-labelledby="fan-title">
        <div class="title">
          <h2 id="fan-title">Running mean against the number of samples</h2>
          <segmented-choice
            label="Vertical scale"
            .options=${views}
            .value=${this.settings.view}
            @choice-change=${(event: CustomEvent<Settings["view"]>) => this.change({ view: event.detail })}
          ></segmented-choice>
        </div>
        <fan-chart .picture=${picture} .cursor=${this.cursor} .reading=${read}></fan-chart>
      </section>
      <output>${read || "Point at a chart, or walk through it with the arrow keys, to read it."}</output>
      <section aria-labelledby="error-title">
        <div class="title"><h2 id="error-title">Error against the number of samples, both logarithmic</h2></div>
        <error-chart .picture=${picture} .cursor=${this.cursor} .reading=${read}></error-chart>
        <p class="legend">
          <span class="key ${picture.backend}"><i></i>standard error</span>
          ${picture.truth ? html`<span class="key circle"><i></i>true |error|</span><span class="key dot"><i></i>|error| of the grey runs</span>` : nothing}
          <span class="methods" role="group" aria-label="Methods to compare, with their measured slopes">${allMethods.map((method) => this.#methodSwitch(method))}</span>
        </p>
      </section>`;
  }

  #methodSwitch(method: LadderMethod) {
    const unfit = this.#companions.refusals.get(method);
    return html`<label class=${method} title=${unfit ?? ""}
      ><input
        type="checkbox"
        .checked=${this.settings.methods.includes(method)}
        ?disabled=${unfit !== undefined}
        @change=${() => this.#toggleMethod(method)}
      /><svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d=${marker(method, 7, 7)}></path></svg
      >${methodNames[method]}</label
    >`;
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

  #words(picture: Picture) {
    const { rungs } = this.#run;
    const last = rungs.at(-1);
    if (!last) return nothing;
    const { estimate } = last;
    const share = (): Share => ({
      settings: this.settings,
      rungs,
      picture,
      race: this.#companions.race,
      charts: [this.fanChart?.chart, this.errorChart?.chart].filter((chart) => !!chart),
    });
    return html`<p class="caption">${caption(picture)}</p>
      ${estimate.warnings.map(({ message }) => html`<p class="notice">${message}</p>`)}
      <p class="provenance">
        ${estimate.generator}, seed ${this.settings.seed}; computed by ${estimate.backend === "webgpu" ? "WebGPU" : "the CPU engine"};
        sums exact, so neither pausing nor batching changes a bit.
      </p>
      <div class="tools" role="group" aria-label="The numbers behind the figure">
        <button type="button" aria-expanded=${this.tableShown} @click=${() => {
          this.tableShown = !this.tableShown;
        }}>Table</button>
        <button type="button" @click=${() => downloadCsv(share())}>CSV</button>
        <button type="button" @click=${() => downloadJson(share())}>JSON</button>
        <button type="button" @click=${() => downloadSvg(share())}>SVG</button>
        <button type="button" @click=${() => downloadPng(share())}>PNG</button>
      </div>
      ${this.tableShown ? html`<variance-table .picture=${picture}></variance-table>` : nothing}`;
  }

  #notices() {
    const engine = this.#engine.render({ pending: () => "", ready: () => "", error: messageOf });
    const waiting =
      this.#linked && !presetOf(this.settings) && this.#run.phase === "idle"
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

  #problem() {
    return formulaProblem(this.settings.formula);
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
      centre: truth?.mean ?? last?.estimate.mean ?? 0,
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
    if (this.#problem() || misfit(settings)) return undefined;
    if (!this.#truth || !sameQuestion(this.#truth.settings, settings)) {
      this.#truth = { settings, truth: truthOf(settings, evaluator64(settings.formula)) };
    }
    return this.#truth.truth;
  }

  /** Draws a small run for a new question, unless a link brought a formula that is not the page's own. */
  #begin(): void {
    const { engine } = this.#engine;
    const { settings } = this;
    if (!engine) return;
    const begun = this.#begun;
    if (begun?.engine === engine && sameQuestion(begun.settings, settings) && begun.settings.seed === settings.seed)
      return;
    if (
      begun &&
      begun.engine !== engine &&
      sameQuestion(begun.settings, settings) &&
      begun.settings.seed === settings.seed
    ) {
      // Another engine goes on with the same bits: what was found stays.
      this.#begun = { engine, settings };
      this.#run.pause();
      this.#companions.forgetRace();
      return;
    }
    this.#begun = { engine, settings };
    this.cursor = undefined;
    this.#run.reset();
    this.#companions.reset();
    if (this.#problem() || misfit(settings) || (this.#linked && !presetOf(settings))) return;
    void this.#run.start(engine, settings, initialSamples, false);
    void this.#companions.draw(settings, fanSamples.initial);
  }

  #press(): void {
    const { engine } = this.#engine;
    const { settings } = this;
    if (!engine || this.#problem() || misfit(settings)) return;
    const calm = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { phase } = this.#run;
    if (phase === "running") {
      this.#run.pause();
      return;
    }
    this.#linked = false;
    const most = 10 ** settings.target;
    if (phase === "paused" && this.#run.samples < most) void this.#run.resume(engine, most, calm);
    else void this.#run.start(engine, settings, most, calm, this.#companions.accompany(engine, settings));
  }

  #cancel(): void {
    this.#run.cancel();
    this.#companions.stop();
  }

  #reset(): void {
    this.#run.reset();
    this.#companions.reset();
    this.#begun = undefined;
    this.#linked = false;
    this.cursor = undefined;
    this.settings = { ...defaults };
  }

  #toggleMethod(method: LadderMethod): void {
    const { engine } = this.#engine;
    const { methods } = this.settings;
    this.change({ methods: allMethods.filter((one) => methods.includes(one) !== (one === method)) });
    if (engine && !this.#problem()) this.#companions.measure(engine, this.settings);
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
