/** Milliseconds of work after which the page gets a turn. */
const BREATH = 16;

let breathed = 0;

/** Lets the page draw and hear its user: a loop of fetches would otherwise not leave the microtask queue. */
export async function yieldToPage(): Promise<void> {
  if (performance.now() - breathed < BREATH) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  breathed = performance.now();
}
