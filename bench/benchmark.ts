import { attempt } from "./attempt.ts";
import { ceiling } from "./ceilings.ts";
import { type Comparison, compare } from "./compare.ts";
import { comparisonTable } from "./format.ts";
import { expectationCase } from "./gates/expectation.ts";
import { type Gate, type GateCase, gateTable } from "./gates/gate.ts";
import { gaussianCase } from "./gates/gaussian.ts";
import { largeCase } from "./gates/large.ts";
import { latencyCase } from "./gates/latency.ts";
import { monteCarloCase } from "./gates/monte-carlo.ts";
import { speedGates } from "./gates/speed.ts";
import { transportCase } from "./gates/transport.ts";
import { windowCase } from "./gates/window.ts";
import type { Library } from "./library.ts";
import { included, options, type Shape, selected, shapes, wanted } from "./options.ts";
import { jax } from "./peers/jax.ts";
import { onnx } from "./peers/onnx.ts";
import { type Ours, surprisal } from "./peers/surprisal.ts";
import { tensorflow } from "./peers/tensorflow.ts";
import { makeProblem } from "./problem.ts";

/** Where the benchmark says what it does and what came out. */
export interface Output {
  progress(text: string): void;
  /** A finished part of the report, in Markdown. */
  section(markdown: string): void;
}

/** Everything measured, for the record. */
export interface Report {
  readonly adapter: Ours["engine"]["adapter"];
  readonly repeats: number;
  readonly crossOriginIsolated: boolean;
  readonly comparisons: readonly Comparison[];
  readonly gates: readonly Gate[];
  readonly markdown: string;
}

const REPEATS = options.quick ? 5 : 20;

/** Runs every selected case. */
export async function runBenchmark({ progress, section }: Output): Promise<Report> {
  const sections: string[] = [];
  const publish = (markdown: string) => {
    sections.push(markdown);
    section(markdown);
  };
  const ours = await surprisal();
  if (included("adapter")) publish(describeAdapter(ours));
  const comparisons = await runComparisons(ours, progress, publish);
  const gates = speedGates(comparisons);
  if (included("gates")) gates.push(...(await runGateCases(ours, progress, publish, small)));
  if (included("monte-carlo"))
    gates.push(...(await runGateCases(ours, progress, publish, { "monte-carlo": monteCarlo })));
  if (included("gaussian")) gates.push(...(await runGateCases(ours, progress, publish, { gaussian })));
  if (included("transport")) gates.push(...(await runGateCases(ours, progress, publish, { transport })));
  if (included("expectation")) gates.push(...(await runGateCases(ours, progress, publish, { expectation: accuracy })));
  if (gates.length > 0 && options.part === undefined) publish(gateTable(gates));
  const { adapter } = ours.engine;
  const markdown = sections.join("\n\n");
  return { adapter, repeats: REPEATS, crossOriginIsolated, comparisons, gates, markdown };
}

async function runComparisons(
  ours: Ours,
  progress: Output["progress"],
  publish: (markdown: string) => void,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  if (shapes.every((shape) => selected(shape).length === 0)) return comparisons;
  const peers: Library[] = [];
  for (const create of [jax, tensorflow, onnx]) {
    const peer = await attempt<Library>(create);
    if (peer instanceof Error) publish(`${create.name} could not take part: ${peer.message}`);
    else peers.push(peer);
  }
  const libraries = [ours, ...peers, ceiling(ours.device, "runs"), ceiling(ours.device, "strides")];
  for (const shape of shapes) {
    const names = selected(shape);
    if (names.length === 0) continue;
    progress(`Comparing on [${shape.rows} × ${shape.classes}] …`);
    const entrants = libraries.filter((library) => canFinish(library, shape.rows, ours));
    if (entrants.length < libraries.length) publish(leftOut(libraries, entrants, shape));
    await compare(entrants, makeProblem(shape.rows, shape.classes), names, REPEATS, (comparison) => {
      comparisons.push(comparison);
      publish(comparisonTable(comparison));
    });
  }
  return comparisons;
}

type Case = (ours: Ours) => Promise<GateCase>;

const small: Readonly<Record<string, Case>> = {
  window: ({ engine, device }) => windowCase(engine, device, REPEATS),
  large: ({ engine, device }) => largeCase(engine, device),
  latency: ({ engine }) => latencyCase(engine, options.quick ? 10 : 50),
};

/** Some seconds a run, so fewer of them. */
const monteCarlo: Case = ({ engine }) => monteCarloCase(engine, options.quick ? 3 : 7);

/** With libraries of its own. */
const gaussian: Case = ({ engine, device }) => gaussianCase(engine, device, REPEATS);

/** Millions of particles. */
const transport: Case = ({ engine }) => transportCase(engine, options.quick ? 1 : 5);

/** Minutes, and up to ten billion samples. */
const accuracy: Case = ({ engine }) => expectationCase(engine, options.quick);

async function runGateCases(
  ours: Ours,
  progress: Output["progress"],
  publish: (markdown: string) => void,
  cases: Readonly<Record<string, Case>>,
): Promise<Gate[]> {
  const gates: Gate[] = [];
  for (const [name, run] of Object.entries(cases)) {
    if (!wanted(name)) continue;
    progress(`Measuring ${name} …`);
    const outcome = await attempt(() => run(ours));
    if (outcome instanceof Error) {
      publish(`### ${name}\n\nfailed: ${outcome.message}`);
      gates.push({ name, needed: "works", measured: outcome.message, pass: false });
    } else {
      publish(outcome.markdown);
      gates.push(...outcome.gates);
    }
  }
  return gates;
}

/** A workgroup a row takes minutes where rows are many and a CPU plays the GPU. */
function canFinish({ workgroupPerRow }: Library, rows: number, { engine }: Ours): boolean {
  return !workgroupPerRow || rows <= 100_000 || !engine.adapter.software;
}

function leftOut(libraries: readonly Library[], entrants: readonly Library[], { rows, classes }: Shape): string {
  const names = libraries.filter((library) => !entrants.includes(library)).map(({ name }) => name);
  return `Left out of [${rows} × ${classes}]: ${names.join(", ")}, which need a workgroup a row and so minutes a call here.`;
}

function describeAdapter({ engine }: Ours): string {
  const { vendor, architecture, description, software } = engine.adapter;
  const card = [vendor, architecture, description].filter(Boolean).join(" ") || "unnamed";
  const kind = software ? "a software adapter: ratios tell, times do not" : "a GPU";
  const isolation = crossOriginIsolated ? "isolated" : "not isolated";
  return `Adapter: ${card} (${kind}). Medians of ${REPEATS} spans, the page ${isolation}.`;
}
