import type { SurprisalError } from "../core/errors.ts";

/** What was wrong with some work, once that is known; never rejects. */
export type PendingError = Promise<SurprisalError | undefined>;

/** Verdicts on the work so far that no read has passed on yet. */
export class PendingErrors {
  readonly #untold = new Set<PendingError>();

  /** Makes the reads from now on wait for this error. */
  add(pendingError: PendingError): void {
    this.#untold.add(pendingError);
    void pendingError.then((fault) => {
      if (!fault) this.#untold.delete(pendingError);
    });
  }

  /**
   * The first fault of the work so far, once all of it is judged. Reads that are under way together are all
   * told; later ones are not told again.
   */
  async first(): PendingError {
    const pending = [...this.#untold];
    const faults = await Promise.all(pending);
    for (const pendingError of pending) this.#untold.delete(pendingError);
    return faults.find((fault) => fault !== undefined);
  }
}
