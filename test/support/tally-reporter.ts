import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with one line that a script can read: "N passed, N failed". */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]) {
    let passed = 0;
    let failed = unhandled.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        if (state === "failed" || state === "pending") failed++;
      }
    }
    console.log(`\n${passed} passed, ${failed} failed`);
  }
}
