import {
  choiceField,
  type Field,
  type Fields,
  longestFragment,
  numberField,
  switchField,
  writeFragment,
} from "../shared/fragment.ts";
import type { Backend, Units } from "../shared/preferences.ts";
import { readEdits, writeEdits } from "./edits.ts";
import { defaults, dimensionCount, type HeadState, temperatureRange } from "./model.ts";

/** What a link to this page carries: the state, and the two preferences that change what is seen. */
export interface LinkState extends HeadState {
  readonly units: Units;
  readonly backend: Backend;
}

export const linkDefaults: LinkState = { ...defaults, units: "nats", backend: "auto" };

const actionField = numberField(-1, 1, 0.001);

const targetsField: Field<HeadState["targets"]> = {
  read: (text) => {
    const parts = text.split("_");
    if (parts.length !== dimensionCount) return undefined;
    const targets = parts.map((part) => (part === "" ? null : actionField.read(part)));
    return targets.every((target) => target !== undefined) ? (targets as (number | null)[]) : undefined;
  },
  write: (targets) => targets.map((target) => (target === null ? "" : actionField.write(target))).join("_"),
};

export const linkFields: Fields<LinkState> = {
  seed: numberField(0, 2 ** 32 - 1, 1),
  dimension: numberField(0, dimensionCount - 1, 1),
  sharpness: numberField(0, 100, 1),
  ambiguity: numberField(0, 100, 1),
  leak: numberField(0, 16, 0.25),
  temperature: numberField(...temperatureRange, 0.01),
  vocabulary: choiceField("full", "actions"),
  shift: switchField,
  draw: numberField(0, 999_999, 1),
  targets: targetsField,
  edits: { read: readEdits, write: writeEdits },
  units: choiceField("nats", "bits"),
  backend: choiceField("auto", "cpu"),
};

/** The fragment of a state; undefined when the reader drew more than a link can hold. */
export function linkOf(state: LinkState): string | undefined {
  const text = writeFragment(state, linkDefaults, linkFields);
  return text.length <= longestFragment ? text : undefined;
}
