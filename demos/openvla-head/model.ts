/** What the seven tokens of an action say: where the end effector goes from here, and the gripper. */
export const dimensions = [
  { symbol: "Δx", meaning: "forwards or back" },
  { symbol: "Δy", meaning: "left or right" },
  { symbol: "Δz", meaning: "up or down" },
  { symbol: "Δroll", meaning: "turn about x" },
  { symbol: "Δpitch", meaning: "turn about y" },
  { symbol: "Δyaw", meaning: "turn about z" },
  { symbol: "gripper", meaning: "0 closed, 1 open" },
] as const;

export const dimensionCount = dimensions.length;

/** Which ids compete: all 32,064 as in OpenVLA, or the 256 action ids alone as in RT-2. */
export type Vocabulary = "full" | "actions";

/** Changes of one dimension's 256 action logits from what the generator made, in 64ths, left bin first. */
export type Edits = Int16Array;

/** Everything that decides what the page shows. */
export interface HeadState {
  readonly seed: number;
  readonly dimension: number;
  /** 0 is blunt, 100 is a spike. */
  readonly sharpness: number;
  /** 0 is one hump; 100 is two of the same weight where the task can be done in two ways. */
  readonly ambiguity: number;
  /** Added to every logit that belongs to text. */
  readonly leak: number;
  readonly temperature: number;
  readonly vocabulary: Vocabulary;
  /** Whether 10,000 is added to every logit. */
  readonly shift: boolean;
  /** Counts the draws that the reader asked for. */
  readonly draw: number;
  /** The demonstrated actions that the reader chose; null leaves the generator's. */
  readonly targets: readonly (number | null)[];
  readonly edits: readonly (Edits | null)[];
}

const none: readonly null[] = Array.from({ length: dimensionCount }, () => null);

export const defaults: HeadState = {
  seed: 7,
  dimension: 1,
  sharpness: 55,
  ambiguity: 70,
  leak: 4,
  temperature: 1,
  vocabulary: "full",
  shift: false,
  draw: 0,
  targets: none,
  edits: none,
};

/** Logits lie on a grid of 64ths, so that f32 still holds them exactly after 10,000 is added. */
export const grid = 64;

/** Where the reader may draw a logit. */
export const logitRange = [-10, 20] as const;

export const temperatureRange = [0.05, 10] as const;

/** A logit rounded to the grid. */
export function onGrid(logit: number): number {
  return Math.round(logit * grid) / grid;
}

/** One entry of a list replaced. */
export function replaced<T>(list: readonly T[], index: number, value: T): readonly T[] {
  return list.map((old, i) => (i === index ? value : old));
}
