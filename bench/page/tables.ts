import { html, type TemplateResult } from "lit";
import type { Table } from "../report/table.ts";

/** A table as HTML, in a box that scrolls by itself where the page is narrow. */
export function tableView({ title, head, rows, notes = [] }: Table): TemplateResult {
  const [corner = "", ...columns] = head;
  return html`<div class="scroll" role="region" aria-label=${title} tabindex="0">
      <table>
        <caption>
          ${title}
        </caption>
        <thead>
          <tr>
            <th scope="col">${corner}</th>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name = "", ...cells]) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${notes.map((note) => html`<p class="remark">${note}</p>`)}`;
}
