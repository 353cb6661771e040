import type { ReactiveController, ReactiveControllerHost } from "lit";
import { preferences, setPreferences } from "../shared/preferences.ts";
import { linkOf, readLink } from "./link.ts";
import type { Settings } from "./model.ts";

/** Keeps the address bar and the settings in step, so that a link always asks exactly what is seen. */
export class LinkController implements ReactiveController {
  /** What the link asked for and did not get, in words. */
  problems: readonly string[] = [];
  readonly #host: ReactiveControllerHost;
  readonly #apply: (values: Partial<Settings>) => void;
  readonly #changed = () => this.#read();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, apply: (values: Partial<Settings>) => void) {
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

  /** Writes the settings to the address bar, a moment after the last change: browsers limit how often that may be. */
  write(settings: Settings): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const fragment = linkOf(settings, preferences().backend);
      // An anchor such as #pages stays while there is nothing to say.
      if (fragment === undefined || (fragment === "" && !location.hash.includes("="))) return;
      history.replaceState(null, "", fragment === "" ? location.pathname + location.search : `#${fragment}`);
    }, 250);
  }

  #read(): void {
    if (location.hash !== "" && !location.hash.includes("=")) return;
    const { values, problems } = readLink(location.hash);
    const { backend, ...settings } = values;
    this.problems = problems;
    setPreferences({ backend: backend ?? "auto" });
    this.#apply(settings);
    this.#host.requestUpdate();
  }
}
