// The floor plan: rooms of src/, floor by floor from the ground up. A room imports from floors below its own, types included.

export const floors = [
  ["core", "arithmetic", "wasm"],
  ["expression", "random", "linear-algebra", "engine"],
  ["wasm-formulas", "rows", "returns"],
  ["gaussian", "sampling"],
  ["distributions"],
  ["expectation", "robotics"],
  ["divergences", "published"],
  ["inference"],
];
