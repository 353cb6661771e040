import { html, nothing, type TemplateResult } from "lit";
import { gateTable } from "../checks/check.ts";
import { comparisonTable } from "../report/markdown.ts";
import type { Run } from "../report/record.ts";
import { scalingTables } from "../report/scaling-tables.ts";
import { summaryTables } from "../report/summary.ts";
import { scalingSvg } from "../scaling/chart.ts";
import { tableView } from "./tables.ts";

/** What was measured so far. */
export function resultsView(run: Run): TemplateResult {
  const gates = run.checks.flatMap((check) => check.gates);
  return html`
    ${
      run.environment.adapter.software
        ? html`<p class="remark">A software adapter: ratios between programs tell, times do not.</p>`
        : nothing
    }
    ${summaryTables(run).map(tableView)}
    ${gates.length > 0 ? tableView(gateTable(gates)) : nothing}
    ${run.scalings.length > 0 ? chartView(run) : nothing}
    ${run.scalings.flatMap(scalingTables).map(tableView)}
    ${run.comparisons.map((comparison) => tableView(comparisonTable(comparison)))}
    ${run.checks.map(({ table }) => tableView(table))}
    ${Object.entries(run.failures).map(([name, message]) => html`<p class="remark">${name} failed: ${message}</p>`)}
  `;
}

function chartView({ scalings, environment }: Run): TemplateResult {
  // As an image, so that its style sheet stays its own; it follows the system's light or dark by itself.
  const source = `data:image/svg+xml,${encodeURIComponent(scalingSvg(scalings, environment.program))}`;
  return html`<figure>
    <img src=${source} alt="Time against size, on logarithmic axes; the tables below have its numbers." />
  </figure>`;
}
