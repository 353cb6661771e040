/** Milliseconds of work after which the page gets a turn. */
const MOST_BETWEEN = 16;

let yielded = 0;

/** Lets the page draw and hear its user: a loop of fetches would otherwise not leave the microtask queue. */
export async function yieldToPage(): Promise<void> {
  if (performance.now() - yielded < MOST_BETWEEN) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  yielded = performance.now();
}
