/** The result, or the Error that was thrown instead; throws only what a signal was aborted with. */
export async function attempt<T>(work: () => Promise<T> | T, signal?: AbortSignal): Promise<T | Error> {
  signal?.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
}
