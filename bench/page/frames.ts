import type { Finding } from "../benchmark.ts";
import type { Options } from "../options.ts";
import type { Driven } from "../unit.ts";
import type { Progress } from "./growing.ts";

/** A page of the benchmark in a frame of its own, ready to be driven. */
async function open(query: URLSearchParams): Promise<{ driven: Driven; close(): void }> {
  const frame = document.createElement("iframe");
  frame.className = "unit";
  frame.title = "A part of the benchmark";
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  frame.src = `unit.html?${query}`;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const { benchmark } = frame.contentWindow as unknown as { benchmark?: Driven };
  if (benchmark) return { driven: benchmark, close: () => frame.remove() };
  frame.remove();
  throw new Error("a part of the benchmark could not be loaded");
}

/** Runs everything that options select, each unit in a frame of its own; tells of each that is done. */
export async function runInFrames(
  { cases, quick, full, who }: Options,
  output: Progress,
  signal: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams({ case: cases.join(","), who: who.join(",") });
  if (quick) query.set("quick", "");
  if (full) query.set("full", "");
  const first = await open(query);
  const units = [...first.driven.units()];
  first.close();
  for (const [k, unit] of units.entries()) {
    signal.throwIfAborted();
    output.progress(`Part ${k + 1} of ${units.length}: ${unit} …`);
    const { driven, close } = await open(query);
    try {
      // What comes from a frame must outlive it.
      const found = (what: Finding) => output.found(structuredClone(what));
      const page = await driven.run(unit, { progress: () => {}, found }, signal);
      output.done(structuredClone(page), (k + 1) / units.length);
    } finally {
      close();
    }
  }
}
