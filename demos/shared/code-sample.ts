import { css, html, LitElement } from "lit";
import { customElement, state } from "lit/decorators.js";
import { controlStyles } from "./controls.ts";

/**
 * Puts a copy button on a code listing.
 *
 * @slot - The `<pre>` with the code.
 */
@customElement("code-sample")
export class CodeSample extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        position: relative;
        display: block;
        margin-block: var(--space-4);
      }

      button {
        position: absolute;
        top: var(--space-2);
        right: var(--space-2);
      }
    `,
  ];

  @state() private label = "Copy";

  override render() {
    return html`<slot></slot>
      <button type="button" @click=${this.#copy}><span role="status">${this.label}</span></button>`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.querySelector("pre")?.textContent ?? "");
      this.label = "Copied";
    } catch {
      this.label = "Select and copy";
    }
    setTimeout(() => {
      this.label = "Copy";
    }, 2000);
  }
}
