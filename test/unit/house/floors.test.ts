import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("what runs up is found: a type from a floor above, a shader of another room, a room without a floor", async () => {
  const run = promisify(execFile)(
    process.execPath,
    [
      `${root}node_modules/dependency-cruiser/bin/dependency-cruise.mjs`,
      "--config",
      `${root}.dependency-cruiser.mjs`,
      "src",
    ],
    { cwd: `${root}test/support/house/floors` },
  );
  const { stdout } = (await run.catch((error: unknown) => error)) as { readonly stdout: string };
  const found = [...stdout.matchAll(/error (floor \d|a room on a floor).*: (src\S+) → (\S+)/g)].map(
    ([, ...parts]) => parts,
  );
  expect(found).toEqual(
    expect.arrayContaining([
      ["floor 1", "src/core/up.ts", "src/expression/formula.ts"],
      ["floor 2", "src/expression/formula.ts", "shaders/rows/softmax.wgsl"],
      ["a room on a floor", "src/attic/stray.ts", "shaders/rows/softmax.wgsl"],
    ]),
  );
}, 30_000);
