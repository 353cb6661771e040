/** Kernels made of formulas, the latest used last; a page on which formulas are typed must not keep them all. */
export class KernelCache<K extends object> {
  readonly #kernels = new Map<string, K>();
  readonly #most: number;

  constructor(most = 64) {
    this.#most = most;
  }

  get(key: string, make: () => K): K {
    const kernel = this.#kernels.get(key) ?? make();
    this.#kernels.delete(key);
    this.#kernels.set(key, kernel);
    const [oldest] = this.#kernels.keys();
    if (this.#kernels.size > this.#most && oldest !== undefined) this.#kernels.delete(oldest);
    return kernel;
  }
}
