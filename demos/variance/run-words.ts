import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { controlStyles } from "../shared/controls.ts";
import { caption } from "./captions.ts";
import { downloadCsv, downloadJson, downloadPng, downloadSvg, type Share } from "./export.ts";
import { noticeStyles } from "./notice.styles.ts";
import "./variance-table.ts";

/** What the picture says, who computed it, and the ways to take it along. */
@customElement("run-words")
export class RunWords extends LitElement {
  static override styles = [
    controlStyles,
    noticeStyles,
    css`
      :host {
        display: block;
        font: 400 var(--text-m) / 1.5 var(--sans);
      }

      .caption {
        max-width: var(--measure);
        margin: 0 0 var(--space-3);
        font: 400 var(--text-body) / 1.55 var(--serif);
        text-wrap: pretty;
      }

      .provenance {
        max-width: 80ch;
        margin: 0 0 var(--space-4);
        color: var(--ink-faint);
        font-size: var(--text-s);
      }

      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
      }
    `,
  ];

  @state() private tableShown = false;

  /** What there is to say and to take. */
  @property({ attribute: false }) share: (() => Share) | undefined;

  override render() {
    const share = this.share?.();
    const last = share?.picture.rungs.at(-1);
    if (!share || !last) return html``;
    const { estimate } = last;
    const { picture, settings } = share;
    return html`<p class="caption">${caption(picture)}</p>
      ${estimate.warnings.map(({ message }) => html`<p class="notice">${message}</p>`)}
      <p class="provenance">
        ${estimate.generator}, seed ${settings.seed}; computed by
        ${estimate.backend === "webgpu" ? "WebGPU" : "the CPU engine"}; sums exact, so neither pausing nor batching changes a bit.
      </p>
      <div class="tools" role="group" aria-label="The numbers behind the figure">
        <button type="button" aria-expanded=${this.tableShown} @click=${this.#toggle}>Table</button>
        <button type="button" @click=${() => downloadCsv(share)}>CSV</button>
        <button type="button" @click=${() => downloadJson(share)}>JSON</button>
        <button type="button" @click=${() => downloadSvg(share)}>SVG</button>
        <button type="button" @click=${() => downloadPng(share)}>PNG</button>
      </div>
      ${this.tableShown ? html`<variance-table .picture=${picture}></variance-table>` : nothing}`;
  }

  #toggle(): void {
    this.tableShown = !this.tableShown;
  }
}
