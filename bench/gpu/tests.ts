import { type File, startTests, type Task, type VitestRunner } from "@vitest/runner";

/** What came of the tests, file by file. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly test: string; readonly message: string }[];
  readonly files: readonly { readonly file: string; readonly tests: number; readonly seconds: number }[];
  /** Files for which there was no time left. */
  readonly left: readonly string[];
}

const files = import.meta.glob<unknown>("../../test/gpu/**/*.test.ts");

/** Files by what a GPU of which nothing is known may most easily do otherwise. */
const FIRST = ["/rows/", "/engine/", "/arithmetic/", "/random/", "/expectation/", "/gaussian/"];

/** Blocks of tests on the CPU engine, which needs no GPU. */
const NOT_CPU = /^(?!(.* )?cpu )/;

/** Runs the tests of `test/gpu` whose paths contain one of these words, or all, until time is over. */
export async function runTests(
  words: readonly string[],
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<TestReport> {
  const report = { passed: 0, failed: 0, skipped: 0, failures: [], files: [], left: [] } as Mutable<TestReport>;
  for (const path of inOrder(words)) {
    const file = path.replace("../../", "");
    if (signal.aborted) {
      report.left.push(file);
      continue;
    }
    const start = performance.now();
    const tests = (await startTests([path], runner())).flatMap(testsOf);
    const seconds = (performance.now() - start) / 1_000;
    const before = report.failed;
    for (const one of tests) count(report, file, one);
    const told = report.failed > before ? `, ${report.failed - before} failed` : "";
    progress(`${file}: ${tests.length} tests in ${seconds.toFixed(1)} s${told}`);
    report.files.push({ file, tests: tests.length, seconds });
  }
  return report;
}

function inOrder(words: readonly string[]): string[] {
  const rankOf = (path: string) => {
    const rank = FIRST.findIndex((folder) => path.includes(folder));
    return rank < 0 ? FIRST.length : rank;
  };
  const paths = Object.keys(files).filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
  return paths.toSorted((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

function runner(): VitestRunner {
  return {
    config: {
      root: "/",
      setupFiles: [],
      name: undefined,
      passWithNoTests: true,
      testNamePattern: NOT_CPU,
      allowOnly: false,
      sequence: { seed: 0, hooks: "stack", setupFiles: "list" },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    },
    importFile: (path: string) => files[path]?.(),
    viteEnvironment: "node",
  };
}

function testsOf(task: File | Task): Task[] {
  return "tasks" in task
    ? [...(task.result?.errors?.length ? [task as Task] : []), ...task.tasks.flatMap(testsOf)]
    : [task];
}

function count(report: Mutable<TestReport>, file: string, { name, suite, mode, result }: Task): void {
  if (result?.state === "fail") {
    report.failed += 1;
    const message = result.errors?.[0]?.message ?? "failed";
    report.failures.push({
      test: [file, suite?.name, name].filter(Boolean).join(" > "),
      message: message.slice(0, 400),
    });
  } else if (mode === "skip" || result?.state === "skip" || result === undefined) report.skipped += 1;
  else report.passed += 1;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
