/** Logical processors, as far as the platform tells. */
export function cores(): number {
  return (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 1;
}

/** Threads that a library can make where it needs shared memory for them: those of an isolated page. */
export function sharedThreads(): number {
  return (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true ? cores() : 1;
}
