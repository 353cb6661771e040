/** A compute shader to be looked at. */
export interface Subject {
  readonly library: string;
  /** What was called, with the shape that it gives. */
  readonly call: string;
  readonly kernel: string;
  readonly code: string;
  /** Of a peer's: all the invocations of one call. */
  readonly invocations?: number;
}
