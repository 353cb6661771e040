import { html, LitElement } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import "./backend-badge.ts";
import { controlStyles } from "./controls.ts";
import type { EngineStatus } from "./engine-controller.ts";
import { pages } from "./pages.ts";
import { PreferencesController, setPreferences, type Theme, type Units } from "./preferences.ts";
import "./segmented-choice.ts";
import { pageFrameStyles } from "./page-frame.styles.ts";

const units = [
  { value: "nats", label: "nats" },
  { value: "bits", label: "bits" },
];

const nextTheme: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const themeMark: Record<Theme, string> = { auto: "◐", light: "○", dark: "●" };

/**
 * What every page has at its top: the name, the contents, the backend badge, nats or bits, the theme, and a link
 * to share. It shows the engine of whatever figure inside it sends `engine-status`.
 *
 * @slot - The page.
 */
@customElement("page-frame")
export class PageFrame extends LitElement {
  static override styles = [controlStyles, pageFrameStyles];

  readonly #preferences = new PreferencesController(this);
  readonly #pressed = (event: Event) => {
    if (this.menu && !event.composedPath().includes(this.menu)) this.menu.open = false;
  };

  @query("details") private menu!: HTMLDetailsElement | null;

  @state() private status: EngineStatus | undefined;
  @state() private shareLabel = "Share";

  /** The page's folder, or nothing for the first page. */
  @property() page = "";

  constructor() {
    super();
    this.addEventListener("engine-status", (event) => {
      this.status = (event as CustomEvent<EngineStatus>).detail;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#pressed);
  }

  override render() {
    const home = this.page ? "../" : "./";
    const { theme } = this.#preferences.value;
    return html`<header>
        <a class="name" href=${home}>Surprisal</a>
        <details @focusout=${this.#leave} @keydown=${this.#escape}>
          <summary class="button">Contents</summary>
          <nav aria-label="Pages">
            <a href=${home} aria-current=${this.page ? "false" : "page"}>All pages</a>
            ${pages.map(
              ({ name, title }) =>
                html`<a href="${home}${name}/" aria-current=${name === this.page ? "page" : "false"}>${title}</a>`,
            )}
          </nav>
        </details>
        <span class="space"></span>
        ${this.status ? html`<backend-badge .status=${this.status}></backend-badge>` : ""}
        ${this.page ? this.#units() : ""}
        <button
          type="button"
          class="theme"
          aria-label="Theme: ${theme}"
          title="Theme: ${theme}"
          @click=${() => setPreferences({ theme: nextTheme[theme] })}
        >
          ${themeMark[theme]}
        </button>
        <button type="button" title="Copy a link to exactly this" @click=${this.#share}>
          <span role="status">${this.shareLabel}</span>
        </button>
      </header>
      <slot></slot>`;
  }

  #units() {
    return html`<segmented-choice
          class="units"
          label="Unit of information"
          .options=${units}
          .value=${this.#preferences.value.units}
          @choice-change=${(event: CustomEvent<Units>) => setPreferences({ units: event.detail })}
        ></segmented-choice>`;
  }

  async #share(): Promise<void> {
    try {
      await navigator.clipboard.writeText(location.href);
      this.shareLabel = "Link copied";
    } catch {
      this.shareLabel = "See the address bar";
    }
    setTimeout(() => {
      this.shareLabel = "Share";
    }, 2500);
  }

  #leave(event: FocusEvent): void {
    const menu = event.currentTarget as HTMLDetailsElement;
    // Without a related target the focus went nowhere, as when Safari presses a link: not a reason to close.
    if (event.relatedTarget && !menu.contains(event.relatedTarget as Node)) menu.open = false;
  }

  #escape(event: KeyboardEvent): void {
    if (event.key === "Escape") (event.currentTarget as HTMLDetailsElement).open = false;
  }
}
