import { Task, TaskStatus } from "@lit/task";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { Engine } from "../../src/index.ts";
import { type Backend, preferences } from "./preferences.ts";

/** What the header's badge shows. */
export type EngineStatus =
  | { readonly state: "pending" }
  | { readonly state: "ready"; readonly engine: Engine }
  | { readonly state: "error"; readonly error: unknown };

type Host = ReactiveControllerHost & HTMLElement;

const retries = 3;

/**
 * Owns one engine for its host: makes it, makes it again when the reader chooses another backend or the device is
 * lost, and disposes it. Each change of state also leaves as an `engine-status` event, which the page frame shows.
 */
export class EngineController implements ReactiveController {
  readonly #host: Host;
  readonly #task: Task<readonly [Backend, number], Engine>;
  #generation = 0;
  #losses = 0;
  #engine: Engine | undefined;
  #announced = "";

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
    this.#task = new Task(host, {
      args: () => [this.#backend(), this.#generation] as const,
      task: async ([backend], { signal }) => {
        this.#release();
        const engine = await Engine.create({ backend });
        if (signal.aborted) {
          engine.dispose();
          throw new DOMException("superseded by another engine", "AbortError");
        }
        this.#engine = engine;
        return engine;
      },
    });
  }

  /** The engine, once it is ready. */
  get engine(): Engine | undefined {
    return this.#engine;
  }

  get status(): EngineStatus {
    if (this.#engine) return { state: "ready", engine: this.#engine };
    if (this.#task.status === TaskStatus.ERROR) return { state: "error", error: this.#task.error };
    return { state: "pending" };
  }

  /** A fresh engine after a lost device: at most three, and then the CPU's. */
  restart(): void {
    this.#losses++;
    this.#generation++;
    this.#host.requestUpdate();
  }

  /** What the host shows for each state of the engine. */
  render<T>(views: { pending: () => T; ready: (engine: Engine) => T; error: (error: unknown) => T }): T {
    const { status } = this;
    if (status.state === "ready") return views.ready(status.engine);
    return status.state === "error" ? views.error(status.error) : views.pending();
  }

  hostUpdated(): void {
    const { status } = this;
    const name = `${status.state} ${this.#generation} ${status.state === "ready" ? status.engine.backend : ""}`;
    if (name === this.#announced) return;
    this.#announced = name;
    this.#host.dispatchEvent(new CustomEvent("engine-status", { detail: status, bubbles: true, composed: true }));
  }

  hostDisconnected(): void {
    this.#release();
    // Connected again, the host gets a new engine.
    this.#generation++;
  }

  #backend(): Backend {
    return this.#losses > retries ? "cpu" : preferences().backend;
  }

  #release(): void {
    this.#engine?.dispose();
    this.#engine = undefined;
  }
}
