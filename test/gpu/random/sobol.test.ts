import { afterAll, beforeAll, describe, expect, test } from "vitest";
import mulhi from "../../../shaders/lib/mulhi.wgsl?raw";
import library from "../../../shaders/lib/sobol.wgsl?raw";
import strata from "../../../shaders/lib/strata.wgsl?raw";
import { GPU_ALONE } from "../../../src/engine/cpu/work.ts";
import { defineKernel, definePlan, grid, type Kernel, pass } from "../../../src/engine/plan.ts";
import type { Engine } from "../../../src/index.ts";
import { owenScramble } from "../../../src/random/owen.ts";
import { fillSobolWords, SOBOL_DIMENSIONS } from "../../../src/random/sobol.ts";
import { sobolDirections } from "../../../src/random/sobol-directions.ts";
import { strataParams, stratumWord } from "../../../src/random/strata.ts";
import { fillWords } from "../../../src/random/words.ts";
import { gpuEngine } from "../../support/device.ts";

const directions = sobolDirections(SOBOL_DIMENSIONS);
const FNV = 0x01000193;

let engine: Engine;

beforeAll(async () => {
  engine = await gpuEngine();
});

afterAll(() => engine.dispose());

/** One vec4 of `made` an invocation, from a vec4 of `x` and what the whole call shares. */
function kernelOf(name: string, made: string) {
  return defineKernel({
    name,
    code: `
struct Params { count: u32 }

@group(0) @binding(0) var<storage, read> directions: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> seeds: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<u32>>;
@group(0) @binding(4) var<uniform> params: Params;
${library}${mulhi}${strata}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if i >= params.count { return; }
  let a = x[i];
  let b = seeds[i];
  ${made}
}
`,
    bindings: { directions: "read", x: "read", seeds: "read", y: "read_write" },
    params: { count: "u32" },
  });
}

type Names = "directions" | "x" | "seeds" | "y";

/** The kernel's vec4 for each vec4 of x and b. */
async function run(kernel: Kernel<Names, "count">, x: Uint32Array, b: Uint32Array): Promise<Uint32Array> {
  const count = x.length / 4;
  using table = engine.tensor(directions, [directions.length]);
  using xs = engine.tensor(x, [count, 4]);
  using seeds = engine.tensor(b, [count, 4]);
  const { name } = kernel;
  using y = engine.run(
    definePlan({
      name,
      outputs: { y: { shape: [count, 4], dtype: "u32" } },
      passes: [
        pass(kernel, {
          bind: { directions: "directions", x: "x", seeds: "seeds", y: "y" },
          params: { count },
          grid: grid(Math.ceil(count / 64), engine.limits, name),
        }),
      ],
      cpu: GPU_ALONE,
    }),
    { directions: table, x: xs, seeds },
  ).y;
  return (await y.read()) as Uint32Array;
}

function randomWords(count: number, stream: number): Uint32Array {
  const words = new Uint32Array(count);
  fillWords(words, { generator: "threefry4x32-20", seed: [3, 4], stream }, 0, 0, 0);
  return words;
}

/** Where two arrays first differ; comparing a million elements one `expect` at a time would take minutes. */
function firstDifference(got: Uint32Array, want: Uint32Array): string {
  if (got.length !== want.length) return `${got.length} words, not ${want.length}`;
  const at = want.findIndex((word, k) => got[k] !== word);
  return at < 0 ? "none" : `at ${at}: ${got[at]?.toString(16)}, not ${want[at]?.toString(16)}`;
}

/** Folds the words of the 1,024 points from a.x of coordinate a.y, in four lanes. */
const foldOf = (words: string) => `
  let base = sobol_word(a.x, a.y);
  var fold = vec4<u32>(a.y);
  for (var k = 0u; k < 256u; k++) {
    let quad = (a.x >> 2u) + k;
    fold = (fold ^ ${words}) * ${FNV}u;
  }
  y[i] = fold;`;

const fold = kernelOf("sobolFold", foldOf("sobol_words(quad, a.y)"));
const foldNear = kernelOf("sobolFoldNear", foldOf("sobol_words_near(base, quad, a.y)"));

function foldsOf(x: Uint32Array): Uint32Array {
  const folds = new Uint32Array(x.length);
  const words = new Uint32Array(1_024);
  for (let k = 0; k < x.length; k += 4) {
    const [first = 0, c = 0] = x.subarray(k, k + 2);
    folds.fill(c, k, k + 4);
    fillSobolWords(words, directions, c, first);
    for (let n = 0; n < 1_024; n++) {
      const lane = k + (n & 3);
      folds[lane] = Math.imul((folds[lane] ?? 0) ^ (words[n] ?? 0), FNV);
    }
  }
  return folds;
}

describe("Sobol words are the CPU's", () => {
  test("2^16 points of all 1,111 coordinates", async () => {
    const x = new Uint32Array(4 * 64 * SOBOL_DIMENSIONS);
    for (let k = 0; k < x.length / 4; k++) x.set([(k % 64) * 1_024, k >>> 6], 4 * k);
    const want = foldsOf(x);
    expect(firstDifference(await run(foldNear, x, x), want)).toBe("none");
    const some = x.subarray(0, x.length / 8);
    expect(firstDifference(await run(fold, some, some), want.subarray(0, some.length))).toBe("none");
  });

  test("runs anywhere below 2^32", async () => {
    const x = randomWords(4 * 4_096, 1);
    for (let k = 0; k < x.length; k += 4) {
      const [first = 0, c = 0] = x.subarray(k, k + 2);
      x.set([first & ~1_023, c % SOBOL_DIMENSIONS], k);
    }
    x.set([2 ** 32 - 1_024, SOBOL_DIMENSIONS - 1], 0);
    const want = foldsOf(x);
    expect(firstDifference(await run(fold, x, x), want)).toBe("none");
    expect(firstDifference(await run(foldNear, x, x), want)).toBe("none");
  });
});

test("scrambled words are the CPU's, one at a time or four", async () => {
  const one = kernelOf("scrambled", "y[i] = vec4<u32>(owen_scramble(a.x, b.x), owen_scramble(a.y, b.x), a.zw);");
  const four = kernelOf("scrambledFour", "y[i] = owen_scramble4(a, b.x);");
  const [x, b] = [randomWords(2 ** 18, 2), randomWords(2 ** 18, 3)];
  x.set([0, 1, 2 ** 31, 2 ** 32 - 1, 0, 1, 2 ** 31, 2 ** 32 - 1], 0);
  b.set([0, 0, 0, 0, 2 ** 32 - 1], 0);
  const want = x.map((word, k) => owenScramble(word, b[k & ~3] ?? 0));
  expect(firstDifference(await run(four, x, b), want)).toBe("none");
  const first = want.map((word, k) => ((k & 3) < 2 ? word : (x[k] ?? 0)));
  expect(firstDifference(await run(one, x, b), first)).toBe("none");
});

describe("stratified words are the CPU's", () => {
  const fourth = "strata_fourth(strata_boundary(a.x, b.xyz), strata_stride(b.xyz), b.xyz)";
  const one = kernelOf("stratum", `y[i] = vec4<u32>(strata_boundary(a.x, b.xyz), ${fourth});`);
  const four = kernelOf("strata", "y[i] = strata_words(strata_boundary(a.x, b.xyz), a, b.xyz);");

  test("for all strata of all S <= 512, for the last of larger S, and for random ones", async () => {
    const draws: number[] = [];
    for (let S = 1; S <= 512; S++) for (let k = 0; k < S; k++) draws.push(k, S);
    const random = randomWords(2 ** 17, 4);
    for (let n = 0; n < random.length; n += 2) {
      const [r = 0, s = 0] = random.subarray(n, n + 2);
      // Sizes of every order of magnitude.
      const S = 1 + Math.floor((s >>> 1) / 2 ** (n % 31));
      draws.push(n % 8 < 2 ? S - 1 : r % S, S);
    }
    for (const S of [2 ** 31, 2 ** 31 - 1, 2 ** 30 + 1, 3 * 2 ** 29]) draws.push(0, S, 1, S, S - 2, S, S - 1, S);
    const count = draws.length / 2;
    const x = randomWords(4 * count, 5);
    const b = new Uint32Array(4 * count);
    const [want, wantFour] = [new Uint32Array(4 * count), new Uint32Array(4 * count)];
    for (let n = 0; n < count; n++) {
      const [k = 0, S = 1] = draws.slice(2 * n, 2 * n + 2);
      if (n % 5 === 0) x[4 * n + 1] = 2 ** 32 - 1;
      x[4 * n] = k;
      b.set(strataParams(S), 4 * n);
      const boundary = (stratum: bigint) => {
        const place = stratum << 32n;
        return [Number(BigInt.asUintN(32, place / BigInt(S))), Number(place % BigInt(S))];
      };
      want.set([...boundary(BigInt(k)), ...boundary(BigInt(k) + 4n)], 4 * n);
      for (let j = 0; j < 4; j++) {
        wantFour[4 * n + j] = k + j < S ? stratumWord(k + j, x[4 * n + j] ?? 0, S) : 0;
      }
    }
    expect(firstDifference(await run(one, x, b), want)).toBe("none");
    const got = await run(four, x, b);
    // The last four may reach beyond the last stratum.
    const inside = got.map((word, at) => {
      const [k = 0, S = 1] = draws.slice(2 * (at >> 2), 2 * (at >> 2) + 2);
      return k + (at & 3) < S ? word : 0;
    });
    expect(firstDifference(inside, wantFour)).toBe("none");
  });
});
