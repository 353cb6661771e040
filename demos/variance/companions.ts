import type { ReactiveController, ReactiveControllerHost } from "lit";
import { Engine, InputError } from "../../src/index.ts";
import { checkpoints, extended, type Means, runningMeans } from "./fan.ts";
import { fanSamples, type LadderMethod, type Question, replicates, type Settings } from "./model.ts";
import { laneOf, type Race } from "./race.ts";
import type { Between } from "./run.ts";
import { estimate, ladder, type MethodLadder, meansOf, methodRefusal, valuesOf } from "./source.ts";

/** Single samples shown at N = 1. */
const guesses = 256;
/** Both engines take this many samples. */
const raceSamples = 2 ** 20;

/** What the last octave of the replicates may cost, in seconds. */
const octaveSeconds = 0.5;

/** What accompanies a run: the replicates, the single samples, the other methods and the race. */
export class Companions implements ReactiveController {
  fan: readonly Means[] = [];
  checkpoints: readonly number[] = checkpoints(fanSamples.full);
  cloud: Float64Array = new Float64Array(0);
  ladders: readonly MethodLadder[] = [];
  race: Race = {};
  refusals: ReadonlyMap<LadderMethod, string> = new Map();
  readonly #host: ReactiveControllerHost;
  #abort = new AbortController();
  #fanSize = 0;
  #cpu: Engine | undefined;
  #methods: readonly LadderMethod[] = [];
  #measuring: Promise<void> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.stop();
    this.#cpu?.dispose();
    this.#cpu = undefined;
  }

  /** Forgets everything. */
  reset(): void {
    this.stop();
    this.fan = [];
    this.checkpoints = checkpoints(fanSamples.full);
    this.cloud = new Float64Array(0);
    this.ladders = [];
    this.race = {};
    this.#fanSize = 0;
    this.#changed();
  }

  forgetRace(): void {
    this.race = {};
    this.#changed();
  }

  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#measuring = undefined;
  }

  /** The replicates up to a size, and the single samples. */
  draw(settings: Settings, size: number): Promise<void> {
    this.refusals = refusalsOf(settings);
    return this.#quietly(async (signal) => {
      const { seed } = settings;
      // Streams of their own: 0 is the reader's run, the last one the single samples'.
      if (this.cloud.length === 0) {
        const cloud = await valuesOf(settings, seed, replicates + 1, guesses);
        if (signal.aborted) return;
        this.cloud = cloud;
        this.#changed();
      }
      if (size <= this.#fanSize) return;
      this.#fanSize = size;
      const fan = [...this.fan];
      for (let stream = 1; stream <= replicates; stream++) {
        const values = await valuesOf(settings, seed, stream, size);
        if (signal.aborted) return;
        fan[stream - 1] = runningMeans(values, this.checkpoints);
        if (stream % 8 === 0) {
          this.fan = [...fan];
          this.#changed();
        }
      }
    });
  }

  /**
   * What a press of the button brings besides the run itself: more of the replicates at once; the race as soon as the run
   * has as many samples, while it stands still; then the methods.
   */
  accompany(engine: Engine, settings: Settings): Between {
    const drawn = this.draw(settings, fanSamples.full);
    const samples = Math.min(raceSamples, 10 ** settings.target);
    const { signal } = this.#abort;
    return async (reached) => {
      if (reached !== samples) return;
      await drawn;
      if (signal.aborted) return;
      await this.#quietly(() => this.#compete(engine, settings, samples, signal));
      if (signal.aborted) return;
      this.measure(engine, settings);
      void this.#measuring?.then(() => this.#quietly(() => this.#follow(engine, settings, signal)));
    };
  }

  /** Measures the methods that are asked for and not yet there, one after another. */
  measure(engine: Engine, settings: Settings): void {
    this.#methods = settings.methods;
    this.#measuring ??= this.#quietly(async (signal) => {
      for (;;) {
        const method = this.#methods.find(
          (one) => !this.refusals.has(one) && !this.ladders.some((made) => made.method === one),
        );
        if (method === undefined) return;
        try {
          const found = await ladder(engine, settings, method, { seed: settings.seed, signal });
          if (signal.aborted) return;
          this.ladders = [...this.ladders, found];
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          this.refusals = new Map([...this.refusals, [method, error.message]]);
        }
        this.#changed();
      }
    }).finally(() => {
      this.#measuring = undefined;
    });
  }

  /** Both engines take the samples that the run has just taken, one after the other, with nothing beside them. */
  async #compete(engine: Engine, settings: Settings, samples: number, signal: AbortSignal): Promise<void> {
    if (this.race.cpu) return;
    const options = { samples, seed: settings.seed, signal };
    if (engine.backend === "webgpu") {
      const onGpu = await timed(() => estimate(engine, settings, options));
      if (signal.aborted) return;
      this.race = { software: engine.adapter.software, samples, gpu: laneOf(onGpu.value, samples / onGpu.seconds, "") };
      this.#changed();
    }
    this.#cpu ??= await Engine.create({ backend: "cpu" });
    const cpu = this.#cpu;
    // The GPU's program is compiled and its engine warm by now; the CPU's threads are to be so too.
    await estimate(cpu, settings, { ...options, samples: Math.min(samples, WARM_UP) });
    const onCpu = await timed(() => estimate(cpu, settings, options));
    if (signal.aborted) return;
    this.race = { ...this.race, samples, cpu: laneOf(onCpu.value, samples / onCpu.seconds, cpu.adapter.description) };
    this.#changed();
  }

  /** Follows the replicates octave by octave, as far as this machine gets within reason. */
  async #follow(engine: Engine, settings: Settings, signal: AbortSignal): Promise<void> {
    const { rate = 0 } = this.race.gpu ?? this.race.cpu ?? {};
    const most = Math.min(10 ** settings.target, (rate * octaveSeconds) / replicates);
    for (let samples = 2 * fanSamples.full; samples <= most && !signal.aborted; samples *= 2) {
      if ((this.checkpoints.at(-1) ?? 0) >= samples) continue;
      const means = await meansOf(engine, settings, { seed: settings.seed, stream: 1, replicates, samples, signal });
      if (signal.aborted) return;
      this.checkpoints = [...this.checkpoints, samples];
      this.fan = extended(this.fan, means);
      this.#changed();
    }
  }

  /** Runs something that an abort may end at any time. */
  async #quietly(job: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    try {
      await job(signal);
    } catch (error) {
      // The run itself shows what is wrong with a question or an engine; a companion's failure would say it twice.
      if (!signal.aborted) console.warn("variance:", error);
    }
  }

  #changed(): void {
    this.#host.requestUpdate();
  }
}

/** Samples enough to start every thread. */
const WARM_UP = 2 ** 20;

function refusalsOf(question: Question & Settings): ReadonlyMap<LadderMethod, string> {
  const found = new Map<LadderMethod, string>();
  for (const method of ["antithetic", "control", "stratified", "sobol"] as const) {
    const refusal = methodRefusal(question, method);
    if (refusal) found.set(method, refusal);
  }
  return found;
}

async function timed<T>(job: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const started = performance.now();
  const value = await job();
  return { value, seconds: (performance.now() - started) / 1000 };
}
