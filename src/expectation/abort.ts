/** A promise that rejects when the signal aborts; `end` lets go of the signal. */
export function abortion(signal: AbortSignal | undefined): { readonly promise: Promise<never>; end(): void } {
  let end = () => {};
  const promise = new Promise<never>((_, reject) => {
    if (!signal) return;
    const abort = () => reject(abortError(signal));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    end = () => signal.removeEventListener("abort", abort);
  });
  promise.catch(() => {});
  return { promise, end };
}

/** What an aborted call throws: the platform's own AbortError, or the reason that the caller gave. */
export function abortError(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The run was aborted", "AbortError");
}
