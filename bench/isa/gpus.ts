/** A target of Mesa's compiler. */
export interface Target {
  readonly name: string;
  readonly family: string;
  /** Lanes a subgroup. */
  readonly wave: 32 | 64;
}

export const TARGETS: readonly Target[] = [
  { name: "RDNA 2, 64 lanes", family: "navi21", wave: 64 },
  { name: "RDNA 2, 32 lanes", family: "navi21", wave: 32 },
  { name: "RDNA 3, 64 lanes", family: "gfx1100", wave: 64 },
  { name: "RDNA 3, 32 lanes", family: "gfx1100", wave: 32 },
  { name: "GCN 5, 64 lanes", family: "vega10", wave: 64 },
];

/** A graphics card's peaks, as its maker gives them. */
export interface Card {
  readonly name: string;
  /** Bytes a second from memory. */
  readonly bandwidth: number;
  /** Operations of one lane a second: half the f32 operations of its sheet, where a fused product and sum counts as two. */
  readonly operations: number;
  readonly source: string;
}

export const CARDS: readonly Card[] = [
  {
    name: "Radeon RX 6800 XT",
    bandwidth: 512e9,
    operations: 20.74e12 / 2,
    source: "https://www.amd.com/en/products/graphics/desktops/radeon/6000-series/amd-radeon-rx-6800-xt.html",
  },
  {
    name: "Radeon RX 7900 XTX",
    bandwidth: 960e9,
    // Its 61 T are of pairs of instructions issued at once; these are counted one by one.
    operations: 61.4e12 / 4,
    source: "https://www.amd.com/en/products/graphics/desktops/radeon/7000-series/amd-radeon-rx-7900xtx.html",
  },
  {
    name: "Radeon RX Vega 64",
    bandwidth: 483.8e9,
    operations: 12.66e12 / 2,
    source: "https://www.techpowerup.com/gpu-specs/radeon-rx-vega-64.c2871",
  },
  {
    name: "GeForce RTX 4060",
    bandwidth: 272e9,
    operations: 15.11e12 / 2,
    source: "https://www.techpowerup.com/gpu-specs/geforce-rtx-4060.c4107",
  },
  {
    name: "Apple M2, 10 cores",
    bandwidth: 100e9,
    operations: 3.6e12 / 2,
    source: "https://www.apple.com/newsroom/2022/06/apple-unveils-m2-with-breakthrough-performance-and-capabilities/",
  },
  {
    name: "H200",
    bandwidth: 4.8e12,
    operations: 67e12 / 2,
    source: "https://www.nvidia.com/en-us/data-center/h200/",
  },
];
