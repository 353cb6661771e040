const { userAgent = "" } = (globalThis as { navigator?: { userAgent?: string } }).navigator ?? {};

export const FIREFOX = /firefox/i.test(userAgent);

/** Waits until `work` is settled and the device's queue is empty. */
export function finished(device: GPUDevice, work?: Promise<unknown>): Promise<void> {
  return awake(device, settle(device, work));
}

/** How many wait for a device. */
const waiting = new WeakMap<GPUDevice, number>();

/**
 * A promise, with Firefox kept awake until it is settled.
 *
 * Firefox looks for finished work every 100 ms unless work arrives, so empty submits keep it awake
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699): on the device of every library alike.
 */
export async function awake<T>(device: GPUDevice | undefined, work: Promise<T>): Promise<T> {
  if (!FIREFOX || !device) return work;
  const before = waiting.get(device) ?? 0;
  waiting.set(device, before + 1);
  if (before === 0) nudge(device);
  return work.finally(() => waiting.set(device, (waiting.get(device) ?? 1) - 1));
}

function nudge(device: GPUDevice): void {
  if (!waiting.get(device)) return;
  device.queue.submit([]);
  setTimeout(nudge, 1, device);
}

async function settle(device: GPUDevice, work: Promise<unknown> | undefined): Promise<void> {
  await work;
  await device.queue.onSubmittedWorkDone();
}
