import { centres, decode, edges, encode } from "../../src/robotics/openvla/openvla.ts";
import { decodeValue, encodeValue } from "../../src/robotics/rt1/tokenizer.ts";

/** RT-1's range of a coordinate of its world vector: its 256 bins then have OpenVLA's edges. */
const RANGE = [-1, 1] as const;

/** Mean and largest error of a tokenizer's round trip, over actions spread evenly on [−1, 1]. */
export function roundTrip(tokenizer: (action: number) => number): { mean: number; largest: number } {
  const count = 10_200;
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const action = -1 + (2 * (i + 0.5)) / count;
    const error = tokenizer(action) - action;
    sum += error;
    largest = Math.max(largest, Math.abs(error));
  }
  return { mean: sum / count, largest };
}

export const openvlaRoundTrip = (action: number) => decode(encode(action));
export const rt1RoundTrip = (action: number) => decodeValue(encodeValue(action, RANGE), RANGE);

/** The bins around an action, for the magnifying glass: left edges and centres within a few bins. */
export function neighbourhood(action: number, reach: number): { edges: readonly number[]; centres: readonly number[] } {
  const width = 2 / 255;
  const near = (value: number) => Math.abs(value - action) <= (reach + 0.01) * width;
  return { edges: edges.filter(near), centres: centres.filter(near) };
}
