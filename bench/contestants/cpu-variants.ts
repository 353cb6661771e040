/** The CPU engine with WebAssembly on every core, on one, and without any: plain JavaScript on typed arrays. */
export const cpuVariants = {
  "surprisal CPU, all cores": undefined,
  "surprisal CPU, one thread": 1,
  "surprisal CPU, JavaScript": 0,
} as const;

export type CpuVariant = keyof typeof cpuVariants;
