import {
  choiceField,
  type Field,
  type Fields,
  longestFragment,
  numberField,
  type Parsed,
  readFragment,
  writeFragment,
} from "../shared/fragment.ts";
import type { Backend } from "../shared/preferences.ts";
import { allMethods, defaults, families, familyOf, type LadderMethod, type Settings } from "./model.ts";

/** What a link to this page carries, under a version number. */
export interface LinkState extends Settings {
  readonly v: string;
  readonly backend: Backend;
}

/** Longest formula that is read at all. */
export const longestFormula = 2048;

export const linkDefaults: LinkState = { v: "", ...defaults, backend: "auto" };

const formulaField: Field<string> = {
  read: (text) => {
    try {
      const formula = decodeURIComponent(text);
      // ASCII only, as in the formula field itself.
      return formula.length <= longestFormula && /^[\x20-\x7e]+$/.test(formula) ? formula : undefined;
    } catch {
      return undefined;
    }
  },
  write: encodeURIComponent,
};

const methodsField: Field<readonly LadderMethod[]> = {
  read: (text) => {
    if (text === "none") return [];
    const names = text.split("_");
    const known = allMethods.filter((method) => names.includes(method));
    return known.length === names.length ? known : undefined;
  },
  write: (methods) => (methods.length === 0 ? "none" : allMethods.filter((one) => methods.includes(one)).join("_")),
};

/** A number as it is typed, with as many digits as it takes. */
const parameterField: Field<number> = numberField(-20, 20, 0.000001);

export const linkFields: Fields<LinkState> = {
  v: { read: (text) => (text === "1" ? text : undefined), write: (value) => value },
  formula: formulaField,
  family: choiceField(...families.map(({ name }) => name)),
  a: parameterField,
  b: parameterField,
  seed: numberField(0, 2 ** 32 - 1, 1),
  target: numberField(6, 11, 1),
  methods: methodsField,
  view: choiceField("funnel", "magnified"),
  backend: choiceField("auto", "cpu"),
};

/** Reads a link. One of another version, or whose numbers do not fit together, changes nothing. */
export function readLink(hash: string): Parsed<Omit<LinkState, "v">> {
  const { values, problems } = readFragment<LinkState>(hash, linkFields);
  const { v, ...rest } = values;
  if (Object.keys(rest).length > 0 && v === undefined) {
    return { values: {}, problems: [...problems, "the link does not say v=1, so nothing of it was used"] };
  }
  const wrong = misfit({ ...defaults, ...rest });
  return wrong ? { values: {}, problems: [...problems, wrong] } : { values: rest, problems };
}

/** The fragment of some settings; undefined where a link cannot hold them. */
export function linkOf(settings: Settings, backend: Backend): string | undefined {
  const state: LinkState = { v: "", ...settings, backend };
  if (writeFragment(state, linkDefaults, linkFields) === "") return "";
  const text = writeFragment({ ...state, v: "1" }, linkDefaults, linkFields);
  return text.length <= longestFragment ? text : undefined;
}

/** Why a distribution's parameters cannot be so, in words; undefined where they can. */
export function misfit({ family, a, b }: Pick<Settings, "family" | "a" | "b">): string | undefined {
  const values = [a, b];
  for (const [i, { symbol, least, most }] of familyOf(family).parameters.entries()) {
    const value = values[i];
    if (value === undefined || !(value >= least && value <= most)) {
      return `${symbol} must lie between ${least} and ${most}`;
    }
  }
  return family === "uniform" && !(a < b) ? "a must be less than b" : undefined;
}
