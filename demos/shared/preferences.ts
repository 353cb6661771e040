import type { ReactiveController, ReactiveControllerHost } from "lit";

export type Units = "nats" | "bits";
export type Theme = "auto" | "light" | "dark";
export type Backend = "auto" | "cpu";

/** What the reader has chosen for every figure of a page. */
export interface Preferences {
  readonly units: Units;
  readonly theme: Theme;
  readonly backend: Backend;
}

const storageKey = "surprisal";
const listeners = new Set<() => void>();
let current: Preferences = { units: "nats", theme: "auto", backend: "auto", ...stored() };
applyTheme();

export function preferences(): Preferences {
  return current;
}

/** Changes some of the preferences, and tells every element that shows them. */
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  applyTheme();
  try {
    // The engine is a choice for this page alone: a forgotten CPU would make every later page slow.
    localStorage.setItem(storageKey, JSON.stringify({ units: current.units, theme: current.theme }));
  } catch {
    // Storage may be refused; the choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

/** Redraws its host whenever a preference changes. */
export class PreferencesController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #changed = () => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get value(): Preferences {
    return current;
  }

  hostConnected(): void {
    listeners.add(this.#changed);
  }

  hostDisconnected(): void {
    listeners.delete(this.#changed);
  }
}

/** An amount of information that was computed in nats, in the reader's units. */
export function inUnits(nats: number, units: Units): number {
  return units === "bits" ? nats / Math.LN2 : nats;
}

function applyTheme(): void {
  if (current.theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = current.theme;
}

function stored(): Partial<Preferences> {
  try {
    const { units, theme } = JSON.parse(localStorage.getItem(storageKey) ?? "{}") as Record<string, unknown>;
    return {
      ...(units === "nats" || units === "bits" ? { units } : {}),
      ...(theme === "light" || theme === "dark" ? { theme } : {}),
    };
  } catch {
    return {};
  }
}
