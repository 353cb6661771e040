import { DeviceLostError, UnsupportedError } from "../core/errors.ts";
import { type Acquired, acquireDevice, adoptDevice, type Refusal } from "./acquire-device.ts";
import type { Backend } from "./backend.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { type Numerics, unknownNumerics } from "./numerics.ts";
import type { TunedLayout } from "./plan.ts";
import { foreignTo, type Tuning } from "./tuning.ts";
import { WebGpuBackend } from "./webgpu/webgpu.ts";

/** How an engine came by its device, and so how it may come by another. */
export interface Origin {
  readonly backend: "auto" | "webgpu" | "cpu";
  readonly device?: GPUDevice | undefined;
  readonly gpu?: GPU | undefined;
  readonly powerPreference?: GPUPowerPreference | undefined;
  /** Of the CPU engine. */
  readonly threads?: number | undefined;
  readonly tuning?: Tuning | undefined;
}

/** What an engine runs on, from its start or the loss of a device to the next loss. */
export interface DeviceSession {
  readonly backend: Backend;
  readonly diagnosis: Diagnosis | undefined;
  readonly numerics: Numerics;
  /** Layouts that were found quickest on this very machine. */
  readonly tuned?: readonly TunedLayout[] | undefined;
}

/** The first session of an engine; throws UnsupportedError where WebGPU was asked for and cannot be had. */
export async function beginSession(origin: Origin): Promise<DeviceSession> {
  return tuned(await firstSession(origin), origin);
}

/** The session with the engine's tuning, if that is one of its machine; else with a word about it. */
async function tuned(session: DeviceSession, { tuning }: Origin): Promise<DeviceSession> {
  if (!tuning) return session;
  const foreign = foreignTo(tuning, session.backend.adapter);
  if (foreign === undefined) return { ...session, tuned: tuning.layouts };
  const ignored = await diagnosed("tuning-ignored", ({ tuningDiagnosis }) => tuningDiagnosis(foreign));
  return { ...session, diagnosis: session.diagnosis ? { ...session.diagnosis, also: ignored } : ignored };
}

async function firstSession(origin: Origin): Promise<DeviceSession> {
  if (origin.backend === "cpu")
    return cpuSession(await diagnosed("asked-for-cpu", ({ ASKED_FOR_CPU }) => ASKED_FOR_CPU), origin);
  // On its way while the device is.
  void loadSelfTest();
  if (origin.device) return adopted(origin, origin.device);
  const acquired = await acquireDevice(origin);
  if ("device" in acquired) return gpuSession(acquired, true);
  return refused(origin, acquired.refusal);
}

/** A session on the caller's own device, which must not be lost. */
async function adopted(origin: Origin, device: GPUDevice): Promise<DeviceSession> {
  const acquired = adoptDevice(device);
  if (!("device" in acquired)) return refused(origin, acquired.refusal);
  const session = await gpuSession(acquired, false);
  // A device that was destroyed a moment ago says so by the time that the self-test has tried it.
  const lost = session.backend.lost;
  if (lost === undefined) return session;
  session.backend.dispose();
  throw new DeviceLostError(`Engine.create: ${lost}; adopt a device that lives`);
}

/**
 * The next session of an engine whose device was lost because of `lost`: on a new device, else as the first would have been
 * without one. Gives up, with undefined, as soon as it is not `isAlive` any more.
 */
export async function nextSession(
  origin: Origin,
  lost: string,
  isAlive: () => boolean,
): Promise<DeviceSession | undefined> {
  let failed: Refusal = { code: "adapter-null" };
  for (const pause of PAUSES) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (!isAlive()) return undefined;
    const acquired = await acquireDevice(origin);
    if ("refusal" in acquired) {
      failed = acquired.refusal;
    } else if (isAlive()) {
      return tuned(await gpuSession(acquired, true), origin);
    } else {
      acquired.device.destroy();
      return undefined;
    }
  }
  const diagnosis = await diagnosed("device-lost", ({ lostDiagnosis }) => lostDiagnosis(lost, failed));
  return tuned(await withoutGpu(origin, diagnosis, "revive"), origin);
}

async function gpuSession(
  { device, adapter }: Extract<Acquired, { device: GPUDevice }>,
  owned: boolean,
): Promise<DeviceSession> {
  const backend = new WebGpuBackend(device, adapter, owned);
  const test = await loadSelfTest();
  const numerics = typeof test === "string" ? unknownNumerics(test) : await test(backend);
  backend.trim();
  const diagnosis = adapter.software
    ? await diagnosed("software-adapter", ({ softwareDiagnosis }) => softwareDiagnosis(adapter))
    : undefined;
  return { backend, diagnosis, numerics };
}

/** What to tell where the machine has no GPU, or not a real one. */
async function diagnosed(
  code: Diagnosis["code"],
  make: (texts: typeof import("./diagnosis.ts")) => Diagnosis,
): Promise<Diagnosis> {
  try {
    return make(await import("./diagnosis.ts"));
  } catch (error) {
    return { code, message: `The diagnosis could not be loaded: ${String(error)}.`, fix: "Reload the page." };
  }
}

/** The self-test, or why it could not be loaded. */
async function loadSelfTest(): Promise<((backend: Backend) => Promise<Numerics>) | string> {
  try {
    return (await import("./self-test.ts")).testNumerics;
  } catch (error) {
    return `The self-test could not be loaded: ${String(error)}`;
  }
}

async function refused(origin: Origin, refusal: Refusal): Promise<DeviceSession> {
  const diagnosis = await diagnosed(refusal.code, ({ diagnosisOf }) => diagnosisOf(refusal));
  return withoutGpu(origin, diagnosis, "Engine.create");
}

async function withoutGpu(origin: Origin, diagnosis: Diagnosis, where: string): Promise<DeviceSession> {
  if (origin.backend === "auto") return cpuSession(diagnosis, origin);
  const code = diagnosis.code as UnsupportedError["code"];
  throw new UnsupportedError(code, `${where}: ${diagnosis.message} ${diagnosis.fix}`);
}

async function cpuSession(diagnosis: Diagnosis, { threads }: Origin): Promise<DeviceSession> {
  return (await import("./cpu/session.ts")).cpuSession(threads, diagnosis);
}

/** Milliseconds before each try for another device: a GPU process that crashed takes a while to come back. */
const PAUSES = [100, 1_000, 5_000];
