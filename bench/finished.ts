const FIREFOX = /firefox/i.test(navigator.userAgent);

/**
 * Waits until `work` is settled and the device's queue is empty.
 *
 * Firefox looks for finished work every 100 ms unless work arrives, so empty submits keep it awake
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699): on the device of every library alike.
 */
export async function finished(device: GPUDevice, work?: Promise<unknown>): Promise<void> {
  const done = settle(device, work);
  if (!FIREFOX) return done;
  let waiting = true;
  const nudge = () => {
    if (!waiting) return;
    device.queue.submit([]);
    setTimeout(nudge, 1);
  };
  nudge();
  return done.finally(() => {
    waiting = false;
  });
}

async function settle(device: GPUDevice, work: Promise<unknown> | undefined): Promise<void> {
  await work;
  await device.queue.onSubmittedWorkDone();
}

/** Calls in one timed span must outweigh the browser's granularity in noticing that work is done. */
export const SPAN_MILLISECONDS = FIREFOX ? 150 : 8;
