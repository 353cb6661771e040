import { render } from "lit";
import { download } from "../../demos/shared/download.ts";
import { versions } from "../contestants/versions.ts";
import { browserName, environmentOf } from "../environment.ts";
import { optionsOf } from "../options.ts";
import { recordFiles } from "../report/files.ts";
import type { BenchRecord, Run } from "../report/record.ts";
import { idsOf, ticksOf } from "./choices.ts";
import { runInFrames } from "./frames.ts";
import { growing } from "./growing.ts";
import { type Actions, type State, view } from "./view.ts";

const query = new URLSearchParams(location.search);
const options = optionsOf(query);
const app = document.querySelector<HTMLElement>("#app");

let stopping = new AbortController();
let state: State = {
  environment: undefined,
  ticked: ticksOf(options.cases),
  quick: options.quick,
  full: options.full,
  running: false,
  share: 0,
  status: "",
  run: undefined,
};

function update(change: Partial<State>): void {
  state = { ...state, ...change };
  if (app) render(view(state, actions), app);
}

const actions: Actions = {
  tick: (id, on) => update({ ticked: ticked([id], on) }),
  tickAll: ({ choices }, on) =>
    update({
      ticked: ticked(
        choices.map(({ id }) => id),
        on,
      ),
    }),
  set: (name, on) => update({ [name]: on }),
  start: () => void start(),
  stop: () => {
    update({ status: "Stopping after the present span …" });
    stopping.abort(new DOMException("Stopped.", "AbortError"));
  },
  copyEnvironment: () => void copyEnvironment(),
  save: (format) => {
    if (!state.run) return;
    const files = recordFiles("surprisal-benchmark", recordOf(state.run));
    const name = `surprisal-benchmark.${format}`;
    download(name, types[format], files[name] ?? "");
  },
};

const types = { md: "text/markdown", json: "application/json", csv: "text/csv" } as const;

function ticked(ids: readonly string[], on: boolean): ReadonlySet<string> {
  const set = new Set(state.ticked);
  for (const id of ids) {
    if (on) set.add(id);
    else set.delete(id);
  }
  return set;
}

async function start(): Promise<void> {
  stopping = new AbortController();
  update({ running: true, share: 0, run: undefined, status: "Starting …" });
  const { quick, full } = state;
  const environment = state.environment ?? (await environmentOf(browserName()));
  // An address may name cases more finely than ticks do.
  const asked = options.cases.length > 0 && same(state.ticked, ticksOf(options.cases));
  const cases = asked ? options.cases : idsOf(state.ticked);
  try {
    await runInFrames({ cases, quick, full, who: options.who }, growing(environment, update), stopping.signal);
    update({ running: false, status: "Done." });
  } catch (error) {
    update({ running: false, status: error instanceof Error ? error.message : String(error) });
  }
}

function same(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}

function recordOf(run: Run): BenchRecord {
  const { threads } = run.environment;
  return {
    schema: 4,
    date: new Date().toISOString().slice(0, 10),
    command: location.href,
    machine: `${navigator.platform}, ${threads} logical processors`,
    versions,
    runs: [run],
  };
}

async function copyEnvironment(): Promise<void> {
  const text = JSON.stringify(state.environment, undefined, 2);
  const copied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  update({ status: copied ? "Copied." : "The browser does not let this page copy." });
}

update({});
environmentOf(browserName()).then((environment) => {
  update({ environment });
  if (query.has("run")) void start();
});
