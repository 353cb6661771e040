/**
 * A fault planted in the sources, to see whether the tests find it.
 *
 * @typedef {object} Mutant
 * @property {string} fault What is wrong.
 * @property {string} find Text that src/ and shaders/ together hold exactly once, wherever that is.
 * @property {string} replace What stands there instead.
 * @property {readonly string[]} seenBy Test files that should find it; all of `npm test` runs where they do not.
 */

/** @type {readonly Mutant[]} */
const wgsl = [
  {
    fault: "a row's sum loses Kahan's compensation",
    find: "let y = rest - (*r).rest_lost;",
    replace: "let y = rest;",
    seenBy: ["test/gpu/rows/log-sum-exp.test.ts", "test/gpu/rows/cross-entropy.test.ts"],
  },
  {
    fault: "a row's parts forget that one of them met a NaN",
    find: "extra_merge(a, b);\n  (*a).flags |= b.flags;",
    replace: "extra_merge(a, b);",
    seenBy: ["test/gpu/rows/special-rows.test.ts", "test/gpu/rows/layouts.test.ts"],
  },
  {
    fault: "lanes of a row join without a barrier before they read",
    find: "lanes[local] = total;\n    workgroupBarrier();\n    if local % LANES < step",
    replace: "lanes[local] = total;\n    if local % LANES < step",
    seenBy: ["test/gpu/rows/layouts.test.ts"],
  },
  {
    fault: "the last class of a row is left out where it stands alone behind the quads",
    find: "k < place.count; k += 4u * LANES) {\n    row_quad(",
    replace: "k + 1u < place.count; k += 4u * LANES) {\n    row_quad(",
    seenBy: ["test/gpu/rows/log-sum-exp.test.ts", "test/gpu/rows/softmax.test.ts"],
  },
  {
    fault: "a row held in registers is odd, but the second loop does not look at its group",
    find: "for (var trip = select(end, begin, (*tally).odd); trip < end; trip += step) {",
    replace: "for (var trip = select(end, begin + step, (*tally).odd); trip < end; trip += step) {",
    seenBy: ["test/gpu/rows/in-registers.test.ts"],
  },
  {
    fault: "sums of losses lose the last record of each workgroup's stretch",
    find: "let end = min(params.count, start + params.length);",
    replace: "let end = min(params.count, start + params.length - 1u);",
    seenBy: ["test/gpu/rows/cross-entropy.test.ts"],
  },
  {
    fault: "a target's logit is looked up without the window's begin",
    find: "let bits = row_load_one(place.at - place.skip + id - params.begin);\n  var possible",
    replace: "let bits = row_load_one(place.at - place.skip + id);\n  var possible",
    seenBy: ["test/gpu/rows/windows.test.ts", "test/gpu/rows/cross-entropy.test.ts"],
  },
  {
    fault: "a target that the mask hides counts as possible",
    find: "if MASKED { possible = possible && row_mask(id).x; }\n  return Aim(id, ",
    replace: "return Aim(id, ",
    seenBy: ["test/gpu/rows/cross-entropy.test.ts", "test/gpu/rows/masks.test.ts"],
  },
  {
    fault: "a class that ties with the target and comes after it counts as ahead",
    find: "(ids < vec4<u32>(extra_target))",
    replace: "(ids > vec4<u32>(extra_target))",
    seenBy: ["test/gpu/rows/row-statistics.test.ts"],
  },
  {
    fault: "the mask's bits of a quad that straddles two words are those of the first alone",
    find: "if shift > 28u { bits |= mask[(bit >> 5u) + 1u] << (32u - shift); }",
    replace: "",
    seenBy: ["test/gpu/rows/masks.test.ts", "test/gpu/rows/windows.test.ts"],
  },
  {
    fault: "Threefry adds the key's words in the wrong places, once",
    find: "x1 += last; x2 += key.x; x3 += key.y + 3u;\n  x0 += x1; x1 = ((x1 << 6u)",
    replace: "x1 += last; x2 += key.y; x3 += key.x + 3u;\n  x0 += x1; x1 = ((x1 << 6u)",
    seenBy: ["test/gpu/random/words.test.ts"],
  },
  {
    fault: "a stratum's remainder that equals the divisor is not carried",
    find: "return select(x, vec2<u32>(x.x + 1u, x.y - S), x.y >= S);",
    replace: "return select(x, vec2<u32>(x.x + 1u, x.y - S), x.y > S);",
    seenBy: ["test/gpu/random/sobol.test.ts", "test/gpu/expectation/oracle.test.ts"],
  },
  {
    fault: "Sobol's words take the directions of the wrong octet for indices from 2^16 on",
    find: "sobol_octet(word, index >> 16u, at + 16u)",
    replace: "sobol_octet(word, index >> 16u, at + 8u)",
    seenBy: ["test/gpu/random/sobol.test.ts"],
  },
  {
    fault: "the number of a quad of samples is not carried into its upper word",
    find: "let high = params.quad_hi + select(0u, 1u, low < offset);",
    replace: "let high = params.quad_hi;",
    seenBy: ["test/gpu/expectation/oracle.test.ts", "test/gpu/expectation/bits.test.ts"],
  },
  {
    fault: "the first sample of a ragged range is left out",
    find: "return (q * 4u + j >= run.begin) & (q * 4u + j < run.end);",
    replace: "return (q * 4u + j > run.begin) & (q * 4u + j < run.end);",
    seenBy: ["test/gpu/expectation/oracle.test.ts"],
  },
  {
    fault: "the first count behind a record's largest values is taken as one of them",
    find: "select(select(2u, 1u, word < params.floats + params.peaks), 0u, word < params.floats)",
    replace: "select(select(2u, 1u, word <= params.floats + params.peaks), 0u, word < params.floats)",
    seenBy: ["test/gpu/expectation/bits.test.ts"],
  },
  {
    fault: "what lanes know of a matrix is summed before all of them have said it",
    find: "shares[lane] = mine;\n  workgroupBarrier();",
    replace: "shares[lane] = mine;",
    seenBy: ["test/gpu/gaussian/rows.test.ts"],
  },
  {
    fault: "whitening leaves out the last term of rows of odd length",
    find: "if (i & 1u) == 0u { even += spread[at + i] * offsets[i]; }",
    replace: "",
    seenBy: ["test/gpu/gaussian/matrix.test.ts", "test/gpu/gaussian/gaussian.test.ts"],
  },
  {
    fault: "advantages of an earlier stretch of time do not go on from the later one's",
    find: "if end < params.total { advantage = advantages[at]; }",
    replace: "",
    seenBy: ["test/gpu/returns/advantages.test.ts"],
  },
  {
    fault: "a noisy step of a transport draws the step before's normals",
    find: "normals_quad(&z, origin, D * (1u + params.first + s), zero);",
    replace: "normals_quad(&z, origin, D * (params.first + s), zero);",
    seenBy: ["test/gpu/robotics/transport.test.ts"],
  },
];

/** @type {readonly Mutant[]} */
const typescript = [
  {
    fault: "more workgroups than a dimension takes are rounded down to whole dimensions",
    find: "const y = Math.max(1, Math.ceil(count / most));",
    replace: "const y = Math.max(1, Math.floor(count / most));",
    seenBy: ["test/unit/house/plans.test.ts", "test/gpu/rows/layouts.test.ts"],
  },
  {
    fault: "specialised kernels are cached by their first constant alone",
    find: "return remember(variants, head, () =>",
    replace: 'return remember(variants, lines[0] ?? "", () =>',
    seenBy: ["test/unit/house/plans.test.ts", "test/gpu/rows/softmax.test.ts"],
  },
  {
    fault: "buffers that a plan wants cleared are not",
    find: "if (part) encoder.clearBuffer(part.buffer, part.offset, part.size);",
    replace: "if (!part) encoder.clearBuffer(part as never);",
    seenBy: ["test/gpu/engine/engine.test.ts", "test/gpu/rows/cross-entropy.test.ts", "test/gpu/rows/masks.test.ts"],
  },
  {
    fault: "a freed buffer serves whatever size and usage is asked for",
    find: `const waiting = this.#free.get(\`\${usage}/\${size}\`)?.pop();`,
    replace: "const waiting = [...this.#free.values()].find((all) => all.length > 0)?.pop();",
    seenBy: ["test/gpu/engine/engine.test.ts"],
  },
  {
    fault: "a read under way does not copy what is about to be overwritten",
    find: "for (const unsent of this.#unsent) if (unsent.buffer === buffer) unsent.send();",
    replace: "void buffer;",
    seenBy: ["test/gpu/engine/engine.test.ts"],
  },
  {
    fault: "the last segment of a long row is dropped",
    find: "segments: Math.ceil(columns / span), span };",
    replace: "segments: Math.floor(columns / span), span };",
    seenBy: ["test/unit/house/plans.test.ts", "test/gpu/rows/layouts.test.ts"],
  },
  {
    fault: "rows left over from whole trips of invocations are nobody's",
    find: "return { group, vec4s, width, run, threads: Math.ceil(trips / run) };",
    replace: "return { group, vec4s, width, run, threads: Math.floor(trips / run) };",
    seenBy: ["test/unit/house/plans.test.ts", "test/gpu/rows/in-registers.test.ts"],
  },
  {
    fault: "kernels of few classes are cached without their number of rows a trip",
    find: `remember(variants, \`\${shape.columns} \${shape.group} \${shape.vec4s}\`, () => {`,
    replace: `remember(variants, \`\${shape.columns}\`, () => {`,
    seenBy: ["test/gpu/rows/in-registers.test.ts"],
  },
  {
    fault: "words whose quad ends exactly at 2^32 do not carry",
    find: "return low + add >= 2 ** 32 ? 1 : 0;",
    replace: "return low + add > 2 ** 32 ? 1 : 0;",
    seenBy: ["test/unit/random/words.test.ts"],
  },
  {
    fault: "refining words are those of another purpose",
    find: "export const PURPOSE = { value: 0, refinement: 1 } as const;",
    replace: "export const PURPOSE = { value: 0, refinement: 2 } as const;",
    seenBy: [
      "test/unit/random/words.test.ts",
      "test/unit/sampling/monte-carlo-wasm.test.ts",
      "test/gpu/expectation/bits.test.ts",
    ],
  },
  {
    fault: "skewness has a term of the wrong sign",
    find: "return (c - 3 * a * b + 2 * a ** 3) /",
    replace: "return (c - 3 * a * b - 2 * a ** 3) /",
    seenBy: ["test/gpu/expectation/coverage.test.ts"],
  },
  {
    fault: "exact sums that are added forget that one of them is broken",
    find: "this.#broken ||= other.#broken;",
    replace: "",
    seenBy: ["test/unit/expectation/sums.test.ts"],
  },
  {
    fault: "ranges are merged in the order in which they are given",
    find: "ranges.toSorted((a, b) => a[0] - b[0])",
    replace: "ranges",
    seenBy: ["test/unit/expectation/sums.test.ts", "test/gpu/expectation/bits.test.ts"],
  },
  {
    fault: "exp(t) - 1 - t loses a term of its series",
    find: "for (let k = 19; k >= 3; k--) sum = 1 + (sum * t) / k;",
    replace: "for (let k = 19; k >= 4; k--) sum = 1 + (sum * t) / k;",
    seenBy: ["test/unit/divergences/divergences.test.ts"],
  },
  {
    fault: "Rényi divergences of Pareto distributions of one scale are infinite",
    find: "if (own >= 0) return q.shapeParameter * own + spread;",
    replace: "if (own > 0) return q.shapeParameter * own + spread;",
    seenBy: [
      "test/unit/divergences/divergences.test.ts",
      "test/unit/divergences/limits.test.ts",
      "test/unit/divergences/extremes.test.ts",
    ],
  },
  {
    fault: "the incomplete beta function near an end has a wrong sign",
    find: "term *= ((n - b) / n) * x;",
    replace: "term *= ((b - n) / n) * x;",
    seenBy: ["test/unit/distributions/functions.test.ts", "test/unit/distributions/tails.test.ts"],
  },
  {
    fault: "WebAssembly reads one value too many behind a row's end",
    find: "const mask = i32x4.gtS(i32x4.splat(count), v128.words(0, 1, 2, 3));",
    replace: "const mask = i32x4.gtS(i32x4.splat(count), v128.words(-1, 0, 1, 2));",
    seenBy: ["test/unit/rows/cpu-rows.test.ts"],
  },
  {
    fault: "a triangular matrix in tiles has no diagonal",
    find: "const at = (i: number, j: number) => (i < size && j <= i ? (lower[i * size + j] ?? 0) : 0);",
    replace: "const at = (i: number, j: number) => (i < size && j < i ? (lower[i * size + j] ?? 0) : 0);",
    seenBy: ["test/unit/gaussian/cpu.test.ts"],
  },
  {
    fault: "a value above all of Octo's bins has a token beyond the last",
    find: "return token >= 0 && token < bins ? token : 0;",
    replace: "return token >= 0 && token <= bins ? token : 0;",
    seenBy: ["test/unit/robotics/octo.test.ts"],
  },
  {
    fault: "a fit's mean is pushed the wrong way",
    find: "add(variable(i), mul(parameter(stdName(i)), at(differentiate(logTarget, variable(i))))),",
    replace: "sub(variable(i), mul(parameter(stdName(i)), at(differentiate(logTarget, variable(i))))),",
    seenBy: ["test/unit/inference/inference.test.ts", "test/gpu/inference/inference.test.ts"],
  },
];

export const mutants = [...wgsl, ...typescript];
