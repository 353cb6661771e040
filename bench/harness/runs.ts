import { finished } from "./finished.ts";

/** Calls that a device works off on its own: started one after another, waited for together. */
export interface Calls<Result> {
  /** Starts a call and does not wait for it. */
  call(): Result;
  /** Sees to it that started calls reach the device, for a library that keeps work back. */
  flush?(results: readonly Result[]): Promise<unknown> | undefined;
  free(result: Result): void;
}

/** `run` of a task whose calls are queued on a device. */
export function onDevice<Result>(device: GPUDevice, { call, flush, free }: Calls<Result>) {
  return async (calls: number, mark: () => void): Promise<void> => {
    const results = Array.from({ length: calls }, call);
    const flushed = flush?.(results);
    if (flushed) await finished(device, flushed.then(mark));
    else {
      mark();
      await finished(device);
    }
    for (const result of results) free(result);
  };
}

/** `run` of a task whose calls are waited for one by one. */
export function oneByOne<Result>(call: () => Result | Promise<Result>, free?: (result: Result) => void) {
  return async (calls: number, mark: () => void): Promise<void> => {
    for (let k = 0; k < calls; k++) {
      const result = await call();
      free?.(result);
    }
    mark();
  };
}
