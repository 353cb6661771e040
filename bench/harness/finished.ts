const { userAgent = "" } = (globalThis as { navigator?: { userAgent?: string } }).navigator ?? {};

export const FIREFOX = /firefox/i.test(userAgent);

/**
 * Waits until `work` is settled and the device's queue is empty.
 *
 * Firefox looks for finished work every 100 ms unless work arrives, so empty submits keep it awake
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699): on the device of every library alike.
 */
export function finished(device: GPUDevice, work?: Promise<unknown>): Promise<void> {
  return awake(device, settle(device, work));
}

/** A promise, with Firefox kept awake until it is settled. */
export async function awake<T>(device: GPUDevice, work: Promise<T>): Promise<T> {
  if (!FIREFOX) return work;
  let waiting = true;
  const nudge = () => {
    if (!waiting) return;
    device.queue.submit([]);
    setTimeout(nudge, 1);
  };
  nudge();
  return work.finally(() => {
    waiting = false;
  });
}

async function settle(device: GPUDevice, work: Promise<unknown> | undefined): Promise<void> {
  await work;
  await device.queue.onSubmittedWorkDone();
}
