// Vitest's own runner and assertions under the name that tests import, so that these run in one process that has a GPU and no browser.

import { ASYMMETRIC_MATCHERS_OBJECT, chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import { spyOn } from "@vitest/spy";

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from "@vitest/runner";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const vi = { spyOn };

export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
  { poll },
);

/** Assertions of what `get` gives, which are tried again until they hold or a time is over. */
function poll(get: () => unknown, { timeout = 1_000, interval = 50 } = {}): object {
  const attempt = async (matcher: string, args: readonly unknown[]): Promise<void> => {
    const end = performance.now() + timeout;
    for (;;) {
      try {
        const assertion = chai.expect(await get()) as unknown as Record<string, (...args: readonly unknown[]) => void>;
        const assert = assertion[matcher];
        if (!assert) throw new Error(`there is no assertion ${matcher}`);
        return assert(...args);
      } catch (error) {
        if (performance.now() > end) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  };
  return new Proxy(
    {},
    {
      get:
        (_, matcher: string) =>
        (...args: readonly unknown[]) =>
          attempt(matcher, args),
    },
  );
}
