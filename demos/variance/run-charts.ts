import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { controlStyles } from "../shared/controls.ts";
import "../shared/segmented-choice.ts";
import "./error-chart.ts";
import type { ErrorChart } from "./error-chart.ts";
import "./fan-chart.ts";
import type { FanChart } from "./fan-chart.ts";
import { legendStyles } from "./legend.styles.ts";
import { marker, methodNames, slopeInWords } from "./methods.ts";
import { allMethods, defaults, type LadderMethod, type Settings } from "./model.ts";
import type { Picture } from "./picture.ts";

const views = [
  { value: "funnel", label: "as it is" },
  { value: "magnified", label: "× √N" },
];

const titles = {
  fan: "Running mean against the number of samples",
  error: "Error against the number of samples, both logarithmic",
} as const;

/**
 * Both charts over one cursor, the choice of their scale, and the methods that are compared.
 *
 * @event settings-change - A change; `detail` is a Partial<Settings>.
 * @event rung-hover - The reader looks at a size; `detail` is N, or undefined.
 */
@customElement("run-charts")
export class RunCharts extends LitElement {
  static override styles = [
    controlStyles,
    legendStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
        min-width: 0;
        font: 400 var(--text-m) / 1.5 var(--sans);
        font-variant-numeric: tabular-nums lining-nums;
      }

      section {
        min-width: 0;
      }

      h2 {
        margin: 0;
        font: 600 var(--text-m) / 1.3 var(--sans);
      }

      .title {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
        justify-content: space-between;
        min-height: 34px;
        margin-bottom: var(--space-2);
      }

      output {
        display: block;
        min-height: 2.7em;
        color: var(--ink-soft);
        font-size: var(--text-s);
        line-height: 1.35;
      }
    `,
  ];

  @query("fan-chart") private fanChart!: FanChart | null;
  @query("error-chart") private errorChart!: ErrorChart | null;

  @property({ attribute: false }) picture: Picture | undefined;

  @property({ attribute: false }) settings: Settings = defaults;

  /** Why some methods cannot be had. */
  @property({ attribute: false }) refusals: ReadonlyMap<LadderMethod, string> = new Map();

  @property({ attribute: false }) cursor: number | undefined;

  /** What stands under the cursor, in words. */
  @property() reading = "";

  /** The charts as they stand, for export. */
  get pictures(): readonly { readonly title: string; readonly chart: SVGSVGElement }[] {
    const [fan, error] = [this.fanChart?.chart, this.errorChart?.chart];
    return [
      ...(fan ? [{ title: titles.fan, chart: fan }] : []),
      ...(error ? [{ title: titles.error, chart: error }] : []),
    ];
  }

  override render() {
    const { picture, cursor, reading } = this;
    if (!picture) return html``;
    return html`<section aria-labelledby="fan-title">
        <div class="title">
          <h2 id="fan-title">${titles.fan}</h2>
          <segmented-choice
            label="Vertical scale"
            .options=${views}
            .value=${this.settings.view}
            @choice-change=${(event: CustomEvent<Settings["view"]>) => this.#change({ view: event.detail })}
          ></segmented-choice>
        </div>
        <fan-chart .picture=${picture} .cursor=${cursor} .reading=${reading}></fan-chart>
      </section>
      <output>${reading || "Point at a chart, or walk through it with the arrow keys, to read it."}</output>
      <section aria-labelledby="error-title">
        <div class="title"><h2 id="error-title">${titles.error}</h2></div>
        <error-chart .picture=${picture} .cursor=${cursor} .reading=${reading}></error-chart>
        <div class="legend">
          <span class="key ${picture.backend}"><i></i>standard error</span>
          ${
            picture.truth
              ? html`<span class="key circle"><i></i>true |error|</span>
                  <span class="key dot"><i></i>|error| of the grey runs</span>`
              : nothing
          }
          <span class="methods" role="group" aria-label="Methods to compare, with their measured slopes"
            >${allMethods.map((method) => this.#switch(method))}</span
          >
        </div>
      </section>`;
  }

  #switch(method: LadderMethod) {
    const refusal = this.refusals.get(method);
    const { methods } = this.settings;
    const ladder = this.picture?.ladders.find((one) => one.method === method);
    return html`<label class=${method} title=${refusal ?? ""}
      ><input
        type="checkbox"
        .checked=${methods.includes(method) && refusal === undefined}
        ?disabled=${refusal !== undefined}
        @change=${() =>
          this.#change({ methods: allMethods.filter((one) => methods.includes(one) !== (one === method)) })}
      /><svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d=${marker(method, 7, 7)}></path></svg
      >${methodNames[method]}${ladder ? html` <span class="slope">slope ${slopeInWords(ladder)}</span>` : nothing}</label
    >`;
  }

  #change(detail: Partial<Settings>): void {
    this.dispatchEvent(new CustomEvent("settings-change", { detail }));
  }
}
