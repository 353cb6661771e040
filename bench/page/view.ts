import { html, nothing, type TemplateResult } from "lit";
import type { Environment, Run } from "../report/record.ts";
import { type Group, groups } from "./choices.ts";
import { resultsView } from "./results.ts";

export interface State {
  readonly environment: Environment | undefined;
  readonly ticked: ReadonlySet<string>;
  readonly quick: boolean;
  readonly full: boolean;
  readonly running: boolean;
  readonly share: number;
  readonly status: string;
  readonly run: Run | undefined;
}

export interface Actions {
  tick(id: string, on: boolean): void;
  tickAll(group: Group, on: boolean): void;
  set(name: "quick" | "full", on: boolean): void;
  start(): void;
  stop(): void;
  copyEnvironment(): void;
  save(format: "md" | "json" | "csv"): void;
}

/** The whole of the page that changes. */
export function view(state: State, actions: Actions): TemplateResult {
  return html`
    ${state.environment ? cardView(state.environment, actions) : html`<p>Looking for a GPU …</p>`}
    <form
      @submit=${(event: Event) => {
        event.preventDefault();
        actions.start();
      }}
    >
      <h2>What to run</h2>
      <div class="choices">${groups.map((group) => groupView(group, state, actions))}</div>
      <div class="switches">
        ${switchView("quick", "quick: one heat of 5 rounds, and small sizes", state.quick, actions)}
        ${switchView("full", "full: up to 10¹⁰ samples", state.full, actions)}
      </div>
      <div class="buttons">
        <button class="first" type="submit" ?disabled=${state.running || state.ticked.size === 0}>Start</button>
        <button type="button" ?disabled=${!state.running} @click=${actions.stop}>Stop</button>
      </div>
    </form>
    <p id="status" role="status">${state.status}</p>
    ${state.running ? html`<progress max="1" .value=${state.share} aria-label="Share of the parts that are done"></progress>` : nothing}
    <section id="results" tabindex="-1">
      ${state.run ? html`<h2>Results</h2>${exportView(actions)}${resultsView(state.run)}` : nothing}
    </section>
  `;
}

function cardView(environment: Environment, actions: Actions): TemplateResult {
  const { program, adapter, timestamps, threads, crossOriginIsolated } = environment;
  const name = [adapter.vendor, adapter.architecture, adapter.description].filter(Boolean).join(" ") || "unnamed";
  const facts: readonly (readonly [string, string])[] = [
    ["Browser", program],
    ["GPU", adapter.software ? `${name} (software)` : name],
    ["Logical processors", String(threads)],
    [
      "Cross-origin isolated",
      crossOriginIsolated ? "yes" : "no: memory is not shared with workers, and clocks are coarse",
    ],
    ["GPU timestamps", timestamps ? "yes" : "no"],
  ];
  return html`<section class="card" aria-label="This machine">
    <dl>${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>
    <button type="button" @click=${actions.copyEnvironment}>Copy as JSON</button>
  </section>`;
}

function groupView(group: Group, { ticked, running }: State, actions: Actions): TemplateResult {
  const all = group.choices.every(({ id }) => ticked.has(id));
  return html`<fieldset ?disabled=${running}>
    <legend>
      <label>
        <input
          type="checkbox"
          .checked=${all}
          @change=${(event: Event) => actions.tickAll(group, isChecked(event))}
        />${group.title}
      </label>
    </legend>
    ${group.choices.map(
      ({ id, label }) => html`<label>
        <input
          type="checkbox"
          .checked=${ticked.has(id)}
          @change=${(event: Event) => actions.tick(id, isChecked(event))}
        />${label}
      </label>`,
    )}
  </fieldset>`;
}

function switchView(name: "quick" | "full", label: string, on: boolean, actions: Actions): TemplateResult {
  return html`<label>
    <input type="checkbox" .checked=${on} @change=${(event: Event) => actions.set(name, isChecked(event))} />${label}
  </label>`;
}

function exportView(actions: Actions): TemplateResult {
  return html`<div class="buttons">
    <button type="button" @click=${() => actions.save("md")}>Save as Markdown</button>
    <button type="button" @click=${() => actions.save("json")}>Save as JSON</button>
    <button type="button" @click=${() => actions.save("csv")}>Save as CSV</button>
  </div>`;
}

function isChecked(event: Event): boolean {
  return (event.target as HTMLInputElement).checked;
}
