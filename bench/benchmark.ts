import { attempt } from "./attempt.ts";
import { ceiling } from "./ceilings.ts";
import { type Comparison, compare } from "./compare.ts";
import { comparisonTable } from "./format.ts";
import type { Library } from "./library.ts";
import { options, selected, shapes } from "./options.ts";
import { jax } from "./peers/jax.ts";
import { surprisal } from "./peers/surprisal.ts";
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
  readonly adapter: unknown;
  readonly comparisons: readonly Comparison[];
  readonly markdown: string;
}

/** Runs every selected case. */
export async function runBenchmark({ progress, section }: Output): Promise<Report> {
  const sections: string[] = [];
  const publish = (markdown: string) => {
    sections.push(markdown);
    section(markdown);
  };
  const ours = await surprisal();
  const peers: Library[] = [];
  for (const create of [jax, tensorflow]) {
    const peer = await attempt<Library>(create);
    if (peer instanceof Error) publish(`${create.name} could not take part: ${peer.message}`);
    else peers.push(peer);
  }
  const libraries = [ours, ...peers, ceiling(ours.device, "runs"), ceiling(ours.device, "strides")];
  const comparisons: Comparison[] = [];
  for (const shape of shapes) {
    const names = selected(shape);
    if (names.length === 0) continue;
    progress(`Comparing on [${shape.rows} × ${shape.classes}] …`);
    await compare(libraries, makeProblem(shape.rows, shape.classes), names, options.quick ? 5 : 24, (comparison) => {
      comparisons.push(comparison);
      publish(comparisonTable(comparison));
    });
  }
  return { adapter: ours.engine.adapter, comparisons, markdown: sections.join("\n\n") };
}
