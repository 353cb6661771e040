import { KernelError, type SurprisalError, UnsupportedError } from "../../core/errors.ts";
import { type PendingError, PendingErrors } from "../pending-errors.ts";

/** Says more about a validation error than the browser did, where it can. */
export type Explain = () => Promise<SurprisalError | undefined>;

/** Runs GPU work inside error scopes. */
export class ErrorScopes {
  /** Faults that reads are to throw. */
  readonly pending = new PendingErrors();
  readonly #device: GPUDevice;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Runs `work` now and hands its pendingError over, also when `work` throws. */
  watch<T>(where: string, work: () => T, deliver: (pendingError: PendingError) => void, explain?: Explain): T {
    this.#device.pushErrorScope("validation");
    this.#device.pushErrorScope("out-of-memory");
    try {
      return work();
    } finally {
      deliver(judge(where, this.#device.popErrorScope(), this.#device.popErrorScope(), explain));
    }
  }

  /** Whether the device refuses even what cannot be wrong. */
  async refusesAll(): Promise<boolean> {
    let pendingError: PendingError = Promise.resolve(undefined);
    this.watch(
      "probe",
      () => {
        const buffer = this.#device.createBuffer({ size: 16, usage: COPY_DST });
        this.#device.queue.writeBuffer(buffer, 0, new Uint32Array(4));
        buffer.destroy();
      },
      (found) => {
        pendingError = found;
      },
    );
    return (await pendingError) !== undefined;
  }
}

const COPY_DST = 0x8;

async function judge(
  where: string,
  memory: Promise<GPUError | null>,
  validation: Promise<GPUError | null>,
  explain: Explain | undefined,
): PendingError {
  // A lost device rejects its scopes; the loss itself is what gets reported.
  const [exhausted, invalid] = await Promise.all([memory.catch(() => null), validation.catch(() => null)]);
  // What could not be allocated is invalid wherever it is used, so the lack of memory comes first.
  if (exhausted) return outOfMemory(where);
  if (!invalid) return undefined;
  return (await explain?.().catch(() => undefined)) ?? new KernelError("validation", `${where}: ${invalid.message}`);
}

function outOfMemory(where: string): SurprisalError {
  const message = `${where}: the GPU is out of memory; dispose tensors or use smaller batches`;
  return new UnsupportedError("out-of-memory", message);
}

/** An error that no scope caught, typed. */
export function strayFault(error: GPUError): SurprisalError {
  const memory = typeof GPUOutOfMemoryError !== "undefined" && error instanceof GPUOutOfMemoryError;
  return memory ? outOfMemory("device") : new KernelError("validation", `device: ${error.message}`);
}
