import { type IsaRun, perValue } from "./check.ts";
import { CARDS, type Card } from "./gpus.ts";
import type { HotLoop, Measured } from "./measure.ts";

/** The record as a document. */
export function isaMarkdown({ date, driver, targets }: IsaRun): string {
  const [first] = targets;
  if (!first) return "";
  return [
    "# What graphics cards' compilers make of the kernels",
    `${date}, \`npm run bench:isa -- --record\`: Dawn's SPIR-V, compiled by ${driver} for cards that were not there. How to read it: [NOTES.md](../NOTES.md).`,
    `## Beside others\n\n${first.target}; operations and bytes a logit or sample, kernels over fewer values left out.`,
    besideOthers(first.kernels),
    "## What bounds them\n\nThousands of millions of logits or samples a second, if nothing else took time, and by what: memory (m) or operations (o).",
    roofline(first.kernels),
    CARDS.map(({ name, source }) => `- ${name}: <${source}>`).join("\n"),
    `## Every kernel\n\n${first.target}.`,
    everyKernel(first.kernels.filter(({ library }) => library === "surprisal")),
    "## On other cards\n\nOperations a value, registers, subgroups in flight.",
    otherCards(targets),
  ]
    .join("\n\n")
    .concat("\n");
}

interface Function {
  readonly title: string;
  /** Values of the call: logits or samples. */
  readonly values: number;
  /** By library: which kernels do it. */
  readonly kernels: (one: Measured) => boolean;
}

const LOGITS = 64 * 4_096;

const FUNCTIONS: readonly Function[] = [
  {
    title: "softmax",
    values: LOGITS,
    kernels: ({ call, kernel }) =>
      call === "softmax [64, 4096]" || (call === "softmax [448, 32064]" && kernel === "softmax"),
  },
  {
    title: "logSumExp",
    values: LOGITS,
    kernels: ({ call, kernel, library }) =>
      library === "surprisal"
        ? call === "logSumExp [448]" && kernel.startsWith("log-sum-exp")
        : call === "logSumExp [64, 4096]",
  },
  {
    title: "crossEntropy",
    values: LOGITS,
    kernels: ({ call, kernel, library }) =>
      library === "surprisal"
        ? call === "crossEntropy []" && kernel === "cross-entropy"
        : call === "crossEntropy [64, 4096]",
  },
  { title: "x² of a normal", values: 2 ** 18, kernels: ({ call }) => call === "x² of a normal" },
];

interface Cost {
  readonly operations: number;
  readonly bytes: number;
  readonly kernels: number;
}

/** Samples of a trip of a loop that computes. */
const SAMPLES = 4;

function costOf(kernels: readonly Measured[], { title, values }: Function): Cost {
  const sampling = title.includes("normal");
  let [operations, bytes, count] = [0, 0, 0];
  for (const { library, invocations = 0, loops, kernel } of kernels) {
    if (library === "surprisal" && sampling !== kernel.startsWith("expectation")) continue;
    for (const loop of loops) {
      const { bytesRead, bytesWritten, part } = loop;
      const touched = Math.max(bytesRead, bytesWritten) / 4;
      if (library === "surprisal") {
        const each = part === "computes" ? SAMPLES : touched;
        operations += loop.operations / each;
        bytes += (bytesRead + bytesWritten) / each;
      } else if (part !== "no loop" || invocations * touched >= values) {
        const each = part === "no loop" ? values / invocations : touched;
        operations += loop.operations / each;
        bytes += (bytesRead + bytesWritten) / each;
      }
    }
    count += 1;
  }
  return { operations, bytes, kernels: count };
}

function costsOf(kernels: readonly Measured[]) {
  const libraries = [...new Set(kernels.map(({ library }) => library))];
  return FUNCTIONS.flatMap((one) =>
    libraries.flatMap((library) => {
      const own = kernels.filter((kernel) => kernel.library === library && one.kernels(kernel));
      return own.length > 0 ? [{ title: one.title, library, ...costOf(own, one) }] : [];
    }),
  );
}

function besideOthers(kernels: readonly Measured[]): string {
  const rows = costsOf(kernels).map(({ title, library, operations, bytes, kernels: count }) => [
    title,
    library,
    operations.toFixed(1),
    bytes.toFixed(1),
    `${count}`,
  ]);
  return table(["function", "library", "operations", "bytes", "kernels"], rows);
}

function roofline(kernels: readonly Measured[]): string {
  const rows = costsOf(kernels).map(({ title, library, ...cost }) => [
    title,
    library,
    ...CARDS.map((card) => boundOf(cost, card)),
  ]);
  return table(["function", "library", ...CARDS.map(({ name }) => name)], rows);
}

function boundOf({ operations, bytes }: Omit<Cost, "kernels">, card: Card): string {
  const byMemory = bytes > 0 ? card.bandwidth / bytes : Number.POSITIVE_INFINITY;
  const byOperations = card.operations / operations;
  const value = Math.min(byMemory, byOperations) / 1e9;
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${byMemory < byOperations ? "m" : "o"}`;
}

function everyKernel(kernels: readonly Measured[]): string {
  const rows = kernels.map(({ call, kernel, registers, inFlight, shared, spills, loops }) => [
    call,
    kernel,
    `${registers}`,
    `${inFlight}`,
    `${shared}`,
    `${spills}`,
    loops.map(({ part }) => part).join("; "),
    loops.map(costText).join("; "),
    loops.map(({ bytesRead, bytesWritten }) => `${bytesRead} + ${bytesWritten}`).join("; "),
  ]);
  const heads = [
    "call",
    "kernel",
    "registers",
    "in flight",
    "shared bytes",
    "spills",
    "hot loop",
    "operations",
    "bytes read + written a trip",
  ];
  return table(heads, rows);
}

function costText(loop: HotLoop): string {
  const { operations, bytesRead, bytesWritten } = loop;
  const values = Math.max(bytesRead, bytesWritten) / 4;
  return values > 0 ? `${perValue(loop).toFixed(1)} a value (${operations} / ${values})` : `${operations} a trip`;
}

function otherCards(targets: IsaRun["targets"]): string {
  const own = targets.map(({ kernels }) => kernels.filter(({ library }) => library === "surprisal"));
  const rows = (own[0] ?? []).map(({ call, kernel }, k) => [
    call,
    kernel,
    ...own.map((kernels) => {
      const { loops = [], registers, inFlight } = kernels[k] ?? {};
      return `${loops.map((loop) => perValue(loop).toFixed(1)).join(" + ")}, ${registers}, ${inFlight}`;
    }),
  ]);
  return table(["call", "kernel", ...targets.map(({ target }) => target)], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
