import { actionIds, vocabularySize } from "../../src/robotics/openvla/openvla.ts";
import { thousands } from "../shared/format.ts";

/** A token id with what it is: an action, a piece of text, or padding. */
export function idInWords(id: number): string {
  const kind = id >= vocabularySize ? "padding" : id < actionIds[0] ? "text" : "action";
  return `${kind} id ${thousands(id)}`;
}
