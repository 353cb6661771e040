import { centres, decode, edges, encode } from "../../src/robotics/openvla.ts";

/** RT-1's token of an action in [−1, 1]: truncated, so its 256 bins have OpenVLA's edges. */
export function encodeRt1(action: number): number {
  return Math.trunc(((Math.min(1, Math.max(-1, action)) + 1) / 2) * 255);
}

/** RT-1 decodes a token to the left edge of its bin. */
export function decodeRt1(token: number): number {
  return (token / 255) * 2 - 1;
}

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
export const rt1RoundTrip = (action: number) => decodeRt1(encodeRt1(action));

/** The bins around an action, for the magnifying glass: left edges and centres within a few bins. */
export function neighbourhood(action: number, reach: number): { edges: readonly number[]; centres: readonly number[] } {
  const width = 2 / 255;
  const near = (value: number) => Math.abs(value - action) <= (reach + 0.01) * width;
  return { edges: edges.filter(near), centres: centres.filter(near) };
}
