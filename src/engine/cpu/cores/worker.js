// What a worker of the CPU engine runs, in browsers and under Node: entries of WebAssembly modules.
//
// It travels as text and starts from a blob, so that no bundler and no server has to know of it. Messages to it:
//   { module, key, memory? }    from now on `key` is an instance of the module: over the engine's shared memory, or over the
//                               worker's own
//   { forget }                  there are no instances any more
//   { id, key, entry, tasks, counter }    calls the entry for tasks of a list that all workers share: the word of shared
//                                         memory at `counter` says which is next, the one behind it how many are done
//   { id, key, entry, args, room, input, at, from, bytes }    puts the input into the worker's own memory, calls the entry
//                                         once, and gives the bytes that it left; `room` is how much memory that takes
// Answers: { ready }, { id }, { id, output }, { id, error }.

/** @typedef {{ memory: WebAssembly.Memory, entries: Record<string, (...args: number[]) => void> }} Instance */

/** @type {any} */
const port = typeof self === "object" ? self : require("node:worker_threads").parentPort;

/** @type {Map<number, Instance>} */
const instances = new Map();

/** @type {WebAssembly.Memory | undefined} */
let own;

/** @param {any} message */
function take(message) {
  if (message.forget) return instances.clear();
  if (message.module) return instantiate(message);
  const { id } = message;
  try {
    const output = message.tasks ? share(message) : alone(message);
    port.postMessage({ id, output }, output ? [output.buffer] : []);
  } catch (error) {
    port.postMessage({ id, error: String(error) });
  }
}

/** @param {any} message */
function instantiate({ module, key, memory, pages }) {
  if (!memory) own ??= new WebAssembly.Memory({ initial: 1, maximum: pages });
  const used = memory ?? own;
  const { exports } = new WebAssembly.Instance(module, { env: { memory: used } });
  instances.set(key, { memory: used, entries: /** @type {any} */ (exports) });
}

/** @param {any} message */
function share({ key, entry, tasks, counter }) {
  const { memory, entries } = /** @type {Instance} */ (instances.get(key));
  const words = new Int32Array(memory.buffer);
  const [next, done] = [counter >> 2, (counter >> 2) + 1];
  for (let k = Atomics.add(words, next, 1); k < tasks.length; k = Atomics.add(words, next, 1)) {
    entries[entry]?.(...tasks[k]);
    Atomics.add(words, done, 1);
  }
}

/** @param {any} message */
function alone({ key, entry, args, room, input, at, from, bytes }) {
  const { memory, entries } = /** @type {Instance} */ (instances.get(key));
  const lacking = Math.ceil((room - memory.buffer.byteLength) / 65536);
  if (lacking > 0) memory.grow(lacking);
  new Uint8Array(memory.buffer).set(input, at);
  entries[entry]?.(...args);
  return new Uint8Array(memory.buffer).slice(from, from + bytes);
}

if (typeof self === "object") self.onmessage = ({ data }) => take(data);
else port.on("message", take);
port.postMessage({ ready: true });
