import { KernelError } from "../../../core/errors.ts";
import { startThread, type Thread } from "./thread.ts";

/** Work for one worker: what to post to it, and what it needs to have been told before. */
export interface WorkerTask {
  readonly message: Readonly<Record<string, unknown>>;
  /** The instance that the job uses, and the message that makes it. */
  readonly key: number;
  readonly introduction: Readonly<Record<string, unknown>>;
  /** Only workers 0 … limit - 1 may take it. */
  readonly limit: number;
}

interface Waiting extends WorkerTask {
  resolve(output: Uint8Array | undefined): void;
  reject(error: unknown): void;
}

interface Member {
  readonly thread: Thread;
  /** Instances that it has. */
  readonly known: Set<number>;
  /** What it is at, the oldest first. */
  readonly at: Map<number, Waiting>;
}

/** Jobs that a worker has at a time: one under way, and one that spares it the wait for the next. */
const AHEAD = 2;

const ENDED = "ended before its work was done";

/** Instances that a worker keeps. */
const MOST_KNOWN = 64;

/** Workers that take jobs from one queue, each started when it is first wanted. */
export class Pool {
  #members: Member[] = [];
  readonly #queue: Waiting[] = [];
  #starting = Promise.resolve<string | undefined>(undefined);
  #jobs = 0;

  /** Sees to it that there are so many workers; gives the reason if there can be none. */
  start(count: number): Promise<string | undefined> {
    this.#starting = this.#starting.then(async (failed) => {
      while (failed === undefined && this.#members.length < count) failed = await this.#startOne();
      return failed;
    });
    return this.#starting;
  }

  /** Does a job on a worker; the bytes that it left, if any. */
  run(job: WorkerTask): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...job, resolve, reject });
      this.#deal();
    });
  }

  /** Ends the workers, and what they were at. */
  end(): void {
    for (const { thread, at } of this.#members) {
      thread.end();
      failAll(at.values(), ENDED);
    }
    failAll(this.#queue.splice(0), ENDED);
    this.#members = [];
    this.#starting = Promise.resolve(undefined);
  }

  #startOne(): Promise<string | undefined> {
    const members = this.#members;
    return new Promise((resolve) => {
      try {
        const member: Member = {
          thread: startThread({
            message: (data) => {
              const answer = data as Answer & { ready?: boolean };
              if (!answer.ready) return this.#answered(member, answer);
              // The pool may have ended in the meantime.
              if (members === this.#members) members.push(member);
              else member.thread.end();
              resolve(undefined);
            },
            failed: (reason) => {
              failAll(member.at.values(), reason);
              resolve(reason);
            },
          }),
          known: new Set(),
          at: new Map(),
        };
      } catch (error) {
        resolve(String(error));
      }
    });
  }

  #deal(): void {
    // Idle workers first.
    for (let load = 0; load < AHEAD; load++) {
      for (const [index, member] of this.#members.entries()) {
        if (member.at.size !== load) continue;
        const next = this.#queue.findIndex(({ limit }) => limit > index);
        const [job] = next < 0 ? [] : this.#queue.splice(next, 1);
        if (job) this.#give(member, job);
      }
    }
  }

  #give({ thread, known, at }: Member, job: Waiting): void {
    if (!known.has(job.key)) {
      if (known.size === MOST_KNOWN) {
        thread.post({ forget: true });
        known.clear();
      }
      thread.post(job.introduction);
      known.add(job.key);
    }
    const id = this.#jobs++;
    if (at.size === 0) thread.hold(true);
    at.set(id, job);
    thread.post({ ...job.message, id });
  }

  #answered(member: Member, { id, output, error }: Answer): void {
    const job = member.at.get(id);
    if (!job) return;
    member.at.delete(id);
    if (member.at.size === 0) member.thread.hold(false);
    if (error === undefined) job.resolve(output);
    else failAll([job], error);
    this.#deal();
  }
}

interface Answer {
  readonly id: number;
  readonly output?: Uint8Array;
  readonly error?: string;
}

function failAll(jobs: Iterable<Waiting>, reason: string): void {
  for (const { reject } of jobs) reject(new KernelError("internal", `worker: ${reason}`));
}
