/**
 * Runs one job at a time. What is asked for meanwhile replaces whatever was waiting, so that a slow machine
 * skips states instead of falling behind.
 */
export class Latest {
  #running = false;
  #next: (() => Promise<void>) | undefined;

  run(job: () => Promise<void>): void {
    this.#next = job;
    if (!this.#running) void this.#drain();
  }

  /** Forgets what is waiting. */
  clear(): void {
    this.#next = undefined;
  }

  async #drain(): Promise<void> {
    this.#running = true;
    try {
      while (this.#next) {
        const job = this.#next;
        this.#next = undefined;
        await job();
      }
    } finally {
      this.#running = false;
    }
  }
}
