import type { Machine, TunedNumbers } from "../engine/plan.ts";

/** How rows are spread over a GPU: lanes a row, items a workgroup, segments a row. */
export interface Layout {
  /** Invocations a workgroup. */
  readonly width: number;
  /** Invocations that share an item, a power of two. */
  readonly lanes: number;
  /** Items a row: 1 means that one item reads the row whole. */
  readonly segments: number;
  /** Values a segment. */
  readonly span: number;
}

/** What a kernel wants of its layout beyond what suits the shape. */
interface LayoutNeeds {
  /** Lanes a row, a power of two: 1 by default. */
  readonly leastLanes?: number;
  /** Values a lane, where it goes through them more than once. */
  readonly mostPerLane?: number;
  /** What a tuning found quickest: taken where it fits the kernel and the machine. */
  readonly tuned?: TunedNumbers | null | undefined;
}

/**
 * A layout for `rows` rows of `columns` values, of which a lane keeps a state of `stateBytes`.
 *
 * A software adapter runs invocations one after another and pays dearly for barriers, so a row is one
 * invocation's, and only a handful of rows is split, to keep every core busy. A GPU wants lanes side by side
 * on neighbouring memory: enough of them that each has about a chunk of 32 values, and enough workgroups to
 * fill the machine, else rows are split.
 */
export function chooseLayout(
  rows: number,
  columns: number,
  stateBytes: number,
  machine: Machine,
  { leastLanes = 1, mostPerLane = MOST_PER_LANE, tuned }: LayoutNeeds = {},
): Layout {
  const { software, limits } = machine;
  const own = tuned && tunedLayout(rows, columns, stateBytes, machine, tuned);
  if (own && own.span <= mostPerLane * own.lanes) return own;
  // Lanes meet in workgroup memory, a state each.
  const room = 2 ** Math.floor(Math.log2(limits.maxComputeWorkgroupStorageSize / stateBytes));
  // On a CPU a workgroup is a job for one core: small ones share few rows evenly, larger ones cost less each.
  const width = software ? Math.max(leastLanes, rows < 16_384 ? 16 : 64) : Math.min(256, room);
  const lanes = Math.min(width, Math.max(leastLanes, software ? 1 : lanesFor(columns)));
  const wanted = software ? 32 : 65_536;
  const least = software ? 1_024 : 4_096;
  const full = Math.ceil(wanted / Math.max(1, rows * lanes));
  const affordable = Math.max(1, Math.floor(columns / least));
  const bounded = Math.ceil(columns / (mostPerLane * lanes));
  const segments = Math.max(bounded, Math.min(full, affordable));
  return spread(columns, { width, lanes, segments });
}

/** Segments of whole chunks: as many as are wanted, or as there are. */
function spread(columns: number, { width, lanes, segments }: Omit<Layout, "span">): Layout {
  if (segments === 1) return { width, lanes, segments, span: columns };
  const step = CHUNK * lanes;
  const span = Math.ceil(columns / segments / step) * step;
  return { width, lanes, segments: Math.ceil(columns / span), span };
}

/** The layout that a tuning names; undefined where it names none for kernels like this, or one that cannot be had here. */
function tunedLayout(
  rows: number,
  columns: number,
  stateBytes: number,
  { limits }: Machine,
  { width = 0, lanes = 0, segments = 0 }: TunedNumbers,
): Layout | undefined {
  const fits =
    isPowerOfTwo(width) &&
    width <= Math.min(MOST_WIDTH, limits.maxComputeInvocationsPerWorkgroup) &&
    isPowerOfTwo(lanes) &&
    lanes <= width &&
    (lanes === 1 || width * stateBytes <= limits.maxComputeWorkgroupStorageSize) &&
    segments >= 1 &&
    (segments === 1 || rows * segments * stateBytes <= limits.maxStorageBufferBindingSize);
  return fits ? spread(columns, { width, lanes, segments }) : undefined;
}

/** Invocations a workgroup that every device has which an engine asks for. */
const MOST_WIDTH = 256;

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}

/** Values that a lane takes at a time (shaders/lib/row/row-sweep.wgsl). */
export const CHUNK = 32;

/** Some drivers stop an invocation silently after 65,535 loop trips: this many values take 18,000 at worst. */
const MOST_PER_LANE = 65_536;

function lanesFor(columns: number): number {
  if (columns <= 16) return 1;
  if (columns <= 256) return 8;
  if (columns <= 2_048) return 32;
  if (columns <= 8_192) return 128;
  return 256;
}

/** How rows of few classes are shared out: each is one invocation's, and held in registers (shaders/lib/in-registers.wgsl). */
export interface InRegistersLayout {
  /** Rows of a trip. */
  readonly group: number;
  /** Whether a trip's rows are read and written as whole vec4s. */
  readonly vec4s: boolean;
  /** Invocations a workgroup. */
  readonly width: number;
  /** Trips an invocation. */
  readonly run: number;
  readonly threads: number;
}

/**
 * The longest rows that are held whole. On a GPU lanes of longer ones would read too far apart. A CPU's stack has room for
 * any, but their code takes too long to compile, longest where values come one by one (`whole`: they need not).
 */
export function mostInRegisters(columns: number, whole: boolean, { software }: Machine): number {
  if (!software) return 32;
  return whole && columns % 4 === 0 ? 128 : 64;
}

/** Whether a batch is worth a pipeline for its number of classes: there must be values enough, and more the longer it is. */
export function fitsRegisters(rows: number, columns: number, whole: boolean, machine: Machine): boolean {
  return columns <= mostInRegisters(columns, whole, machine) && rows * columns >= 4_096 && rows >= 16 * columns;
}

/** Far from where drivers stop an invocation. */
const MOST_TRIPS = 4_096;

/** Values of a trip, where its rows together are whole vec4s. */
const MOST_VALUES_IN_REGISTERS = { gpu: 64, software: 128 };

/** `whole`: whether rows follow one another from a multiple of four values on; `writesRows`: whether results do. */
export function inRegistersLayout(
  rows: number,
  columns: number,
  { whole, writesRows, tuned }: { whole: boolean; writesRows: boolean; tuned?: TunedNumbers | null | undefined },
  { software, limits }: Machine,
): InRegistersLayout {
  const least = columns % 4 === 0 ? 1 : columns % 2 === 0 ? 2 : 4;
  const most = MOST_VALUES_IN_REGISTERS[software ? "software" : "gpu"];
  const vec4s = whole && least * columns <= most;
  // Four rows' values are a vec4.
  const group = vec4s ? (!writesRows && 4 * columns <= most ? 4 : least) : 1;
  const trips = Math.floor(rows / group);
  const { run: tunedRun, width: tunedWidth = Number.POSITIVE_INFINITY } = tuned ?? {};
  const fits = tunedRun !== undefined && tunedWidth <= Math.min(MOST_WIDTH, limits.maxComputeInvocationsPerWorkgroup);
  const width = fits ? tunedWidth : software ? 16 : 64;
  // An invocation on a CPU is worth a few hundred rows, of which it looks in vain at one group of odd ones.
  const longest = software ? 256 / group : 4;
  const run = fits
    ? Math.min(tunedRun, MOST_TRIPS)
    : Math.max(1, Math.min(longest, Math.floor(trips / (software ? 1_024 : 65_536))));
  return { group, vec4s, width, run, threads: Math.ceil(trips / run) };
}

/**
 * What was found quickest of a function for batches like this one: of as many classes, and of at most twice or at least half as many rows, the nearest.
 * Null where that is the rule; undefined where nothing was tried.
 */
export function tunedFor(
  { tuned }: Machine,
  name: string | undefined,
  rows: number,
  columns: number,
): TunedNumbers | null | undefined {
  let [nearest, found] = [1, undefined as TunedNumbers | null | undefined];
  for (const { function: of, shape, layout } of tuned ?? []) {
    if (of !== name || shape.at(-1) !== columns) continue;
    const distance = Math.abs(Math.log2(rowsOf(shape) / rows));
    if (distance <= nearest) [nearest, found] = [distance, layout];
  }
  return found;
}

/** Rows of logits of this shape. */
export function rowsOf(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((product, size) => product * size, 1);
}
