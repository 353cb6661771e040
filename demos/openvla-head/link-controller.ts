import type { ReactiveController, ReactiveControllerHost } from "lit";
import { readFragment } from "../shared/fragment.ts";
import { preferences, setPreferences } from "../shared/preferences.ts";
import { type LinkState, linkFields, linkOf } from "./link.ts";
import type { HeadState } from "./model.ts";

/** Keeps the address bar and the state in step, so that a link always opens exactly what is seen. */
export class LinkController implements ReactiveController {
  /** What the link asked for and did not get, in words. */
  problems: readonly string[] = [];
  readonly #host: ReactiveControllerHost;
  readonly #apply: (values: Partial<HeadState>) => void;
  readonly #changed = () => this.#read();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, apply: (values: Partial<HeadState>) => void) {
    this.#host = host;
    this.#apply = apply;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener("hashchange", this.#changed);
    if (location.hash.includes("=")) this.#read();
  }

  hostDisconnected(): void {
    removeEventListener("hashchange", this.#changed);
    clearTimeout(this.#timer);
  }

  /** Writes a state to the address bar, a moment after the last change: browsers limit how often that may be. */
  write(state: HeadState): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { units, backend } = preferences();
      const fragment = linkOf({ ...state, units, backend });
      if (fragment === undefined) this.problems = ["so much is drawn that a link cannot hold it; the last one is kept"];
      else history.replaceState(null, "", fragment === "" ? location.pathname + location.search : `#${fragment}`);
      if (this.problems.length > 0) this.#host.requestUpdate();
    }, 250);
  }

  #read(): void {
    if (location.hash !== "" && !location.hash.includes("=")) return;
    const { values, problems } = readFragment<LinkState>(location.hash, linkFields);
    const { units, backend, ...state } = values;
    this.problems = problems;
    setPreferences({ ...(units ? { units } : {}), backend: backend ?? "auto" });
    this.#apply(state);
  }
}
