/** What a promise gives, unless the signal aborts first; once that is settled the signal holds on to nothing. */
export function unlessAborted<T>(signal: AbortSignal | undefined, promise: Promise<T>): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError(signal));
    const settled = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort, { once: true });
    promise.finally(settled).then(resolve, reject);
    if (signal.aborted) abort();
  });
}

/** What an aborted call throws: the platform's own AbortError, or the reason that the caller gave. */
export function abortError(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("The run was aborted", "AbortError");
}
