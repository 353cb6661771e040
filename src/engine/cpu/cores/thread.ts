import source from "./worker.js?raw";

/** A worker: a web worker, or one of Node's. */
export interface Thread {
  post(message: unknown): void;
  /** Whether its being there keeps a process of Node's from ending. */
  hold(busy: boolean): void;
  end(): void;
}

export interface Listener {
  message(data: unknown): void;
  failed(reason: string): void;
}

/** Starts a worker; throws, or calls `failed`, where the page or the process allows none. */
export function startThread(listener: Listener): Thread {
  const node = nodeThreads();
  return node ? startNodeThread(node, listener) : startWebWorker(listener);
}

/** How many threads this machine runs at once. */
export function coresOf(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency ?? nodeModule("node:os")?.availableParallelism?.() ?? 1;
}

function startWebWorker({ message, failed }: Listener): Thread {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(trusted(url));
  worker.onmessage = ({ data }) => {
    URL.revokeObjectURL(url);
    message(data);
  };
  worker.onerror = (event) => failed(event.message || "the page's content security policy may forbid blob: workers");
  return { post: (data) => worker.postMessage(data), hold: () => {}, end: () => worker.terminate() };
}

interface Policy {
  createScriptURL(url: string): string;
}

let policy: Policy | undefined;

/** Pages that ask for Trusted Types must name the policy "surprisal" in their `trusted-types`. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  };
  policy ??= trustedTypes?.createPolicy("surprisal", { createScriptURL: (own) => own });
  return policy?.createScriptURL(url) ?? url;
}

interface NodeWorker {
  postMessage(data: unknown): void;
  ref(): void;
  unref(): void;
  terminate(): void;
  on(event: "message" | "error", listener: (data: unknown) => void): void;
}

interface NodeModules {
  readonly "node:worker_threads": { readonly Worker: new (source: string, options: { eval: true }) => NodeWorker };
  readonly "node:os": { availableParallelism?(): number };
}

/** A module of Node's own, without an import that bundlers would look for. */
function nodeModule<K extends keyof NodeModules>(name: K): NodeModules[K] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(name) as NodeModules[K] | undefined;
}

function nodeThreads(): NodeModules["node:worker_threads"] | undefined {
  return typeof Worker === "undefined" ? nodeModule("node:worker_threads") : undefined;
}

function startNodeThread({ Worker }: NodeModules["node:worker_threads"], { message, failed }: Listener): Thread {
  const worker = new Worker(source, { eval: true });
  worker.unref();
  worker.on("message", message);
  worker.on("error", (error) => failed(String(error)));
  return {
    post: (data) => worker.postMessage(data),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    end: () => worker.terminate(),
  };
}
