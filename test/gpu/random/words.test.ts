import { afterAll, beforeAll, describe, expect, test } from "vitest";
import mulhi from "../../../shaders/lib/mulhi.wgsl?raw";
import philoxSource from "../../../shaders/lib/philox.wgsl?raw";
import threefry from "../../../shaders/lib/threefry.wgsl?raw";
import threefryFloats from "../../../shaders/lib/threefry-floats.wgsl?raw";
import { GPU_ALONE } from "../../../src/engine/cpu/work.ts";
import { defineKernel, definePlan, grid, type Kernel, pass } from "../../../src/engine/plan.ts";
import type { Engine } from "../../../src/index.ts";
import { fillWords, type GeneratorName } from "../../../src/random/words.ts";
import { gpuEngine } from "../../support/device.ts";
import { exhaustive } from "../../support/exhaustive.ts";

const philox = mulhi + philoxSource;

let engine: Engine;

beforeAll(async () => {
  engine = await gpuEngine();
});

afterAll(() => engine.dispose());

/** One u32 of `made` an invocation, from four of `x` and two of `k`. */
function kernelOf(name: string, library: string, made: string) {
  return defineKernel({
    name,
    code: `${library}
struct Params { count: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> k: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if i >= params.count { return; }
  ${made}
}
`,
    bindings: { x: "read", k: "read", y: "read_write" },
    params: { count: "u32" },
  });
}

async function run(kernel: Kernel<"x" | "k" | "y", "count">, x: Uint32Array, k: Uint32Array): Promise<Uint32Array> {
  const count = x.length / 4;
  using xs = engine.tensor(x, [count, 4]);
  using ks = engine.tensor(k, [count, 2]);
  const { name } = kernel;
  using y = engine.run(
    definePlan({
      name,
      outputs: { y: { shape: [count], dtype: "u32" } },
      passes: [
        pass(kernel, {
          bind: { x: "x", k: "k", y: "y" },
          params: { count },
          grid: grid(Math.ceil(count / 64), engine.limits, name),
        }),
      ],
      cpu: GPU_ALONE,
    }),
    { x: xs, k: ks },
  ).y;
  return (await y.read()) as Uint32Array;
}

/** The sample index in x.xy, the stream in x.z, coordinate and purpose in x.w, the seed in k. */
const addressed = `
  let a = x[i];
  let words = random_words(vec4<u32>((a.x >> 2u) | (a.y << 30u), a.y >> 2u, a.z, a.w), k[i]);
  y[i] = words[a.x & 3u];`;

/** Samples of which every one has its own seed, stream, coordinate and purpose. */
interface Samples {
  readonly x: Uint32Array;
  readonly k: Uint32Array;
  readonly want: Uint32Array;
}

function samplesOf(
  generator: GeneratorName,
  count: number,
  first: (n: number, random: Uint32Array) => number,
): Samples {
  const random = new Uint32Array(8 * count);
  // The other generator, so that a fault in one cannot hide in its own numbers.
  const other = generator === "philox4x32-10" ? "threefry4x32-20" : "philox4x32-10";
  fillWords(random, { generator: other, seed: [7, 8], stream: 9 }, 0, 0, 0);
  const x = new Uint32Array(4 * count);
  const k = new Uint32Array(2 * count);
  const want = new Uint32Array(count);
  for (let n = 0; n < count; n++) {
    const r = random.subarray(8 * n, 8 * n + 8);
    const [, , stream = 0, place = 0, seed0 = 0, seed1 = 0] = r;
    const index = first(n, r);
    const purpose = place >>> 30;
    const coordinate = place & 0xffff;
    x.set([index % 2 ** 32, Math.floor(index / 2 ** 32), stream, coordinate + purpose * 2 ** 16], 4 * n);
    k.set([seed0, seed1], 2 * n);
    fillWords(want.subarray(n, n + 1), { generator, seed: [seed0, seed1], stream }, coordinate, purpose, index);
  }
  return { x, k, want };
}

/** Where two arrays first differ; comparing a million elements one `expect` at a time would take minutes. */
function firstDifference(got: Uint32Array, want: Uint32Array): string {
  if (got.length !== want.length) return `${got.length} words, not ${want.length}`;
  const at = want.findIndex((word, k) => got[k] !== word);
  return at < 0 ? "none" : `at ${at}: ${got[at]?.toString(16)}, not ${want[at]?.toString(16)}`;
}

describe.each([
  ["threefry4x32-20", "as it is", threefry],
  ["threefry4x32-20", "without shifts", threefryFloats],
  ["philox4x32-10", "as it is", philox],
] as const)("%s %s", (generator, _, library) => {
  const kernel = kernelOf(generator, library, addressed);

  const count = exhaustive ? 2 ** 20 : 2 ** 16;

  test(`${count} words of any seed, stream, sample, coordinate and purpose are the CPU's`, async () => {
    const { x, k, want } = samplesOf(generator, count, (_, [lo = 0, hi = 0]) => lo + (hi & 0x1fffff) * 2 ** 32);
    expect(firstDifference(await run(kernel, x, k), want)).toBe("none");
  });

  test("words of consecutive samples are the CPU's where the index passes 2^32 samples or 2^32 quads", async () => {
    const edges = [0, 2 ** 32, 2 ** 34, 3 * 2 ** 34, 2 ** 50, 2 ** 53 - 513];
    for (const edge of edges) {
      const first = Math.max(0, edge - 511);
      const words = new Uint32Array(1_024);
      fillWords(words, { generator, seed: [5, 6], stream: 0xffffffff }, 3, 1, first);
      const { x, k } = samplesOf(generator, words.length, (n) => Math.min(first + n, 2 ** 53 - 1));
      for (let n = 0; n < words.length; n++) {
        x.set([0xffffffff, 3 + 2 ** 16], 4 * n + 2);
        k.set([5, 6], 2 * n);
      }
      expect(firstDifference(await run(kernel, x, k), words)).toBe("none");
    }
  });
});

describe("known answers (Random123, tests/kat_vectors)", () => {
  test.each([
    [
      "Threefry4x32-20 without shifts",
      threefryFloats,
      [0, 0, 0, 0, 0, 0],
      [0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8],
    ],
    ["Threefry4x32-20", threefry, [0, 0, 0, 0, 0, 0], [0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8]],
    ["Philox4x32-10", philox, [0, 0, 0, 0, 0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    ["Philox4x32-10", philox, [-1, -1, -1, -1, -1, -1], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [
      "Philox4x32-10",
      philox,
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("%s %#", async (name, library, input, want) => {
    const kernel = kernelOf(name, library, "y[i] = random_words(x[i], k[i])[i & 3u];");
    const x = Uint32Array.from({ length: 16 }, (_, n) => input[n % 4] ?? 0);
    const k = Uint32Array.from({ length: 8 }, (_, n) => input[4 + (n % 2)] ?? 0);
    expect(Array.from(await run(kernel, x, k))).toEqual(want);
  });
});

test("mulhi is the upper half of the product", async () => {
  const edges = [0, 1, 2, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffff0000, 0xfffffffe, 0xffffffff];
  const pairs = [...edges, 0xd2511f53, 0xcd9e8d57].flatMap((a, _, all) => all.map((b) => [a, b] as const));
  const random = new Uint32Array(2 ** 18);
  fillWords(random, { generator: "threefry4x32-20", seed: [1, 2], stream: 3 }, 0, 0, 0);
  for (let n = 0; n < random.length; n += 2) pairs.push([random[n] ?? 0, random[n + 1] ?? 0]);

  const x = Uint32Array.from(pairs.flatMap(([a, b]) => [a, b, 0, 0]));
  const want = Uint32Array.from(pairs, ([a, b]) => Number((BigInt(a) * BigInt(b)) >> 32n));
  const kernel = kernelOf("mulhi", mulhi, "y[i] = mulhi(x[i].x, x[i].y) ^ k[i].x;");
  expect(firstDifference(await run(kernel, x, new Uint32Array(2 * pairs.length)), want)).toBe("none");
});
