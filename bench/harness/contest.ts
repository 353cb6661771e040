import type { Case, Part } from "../cases/case.ts";
import type { Problem } from "../cases/problem.ts";
import type { Contestant, Loaded, Task } from "../contestants/contestant.ts";
import { attempt } from "./attempt.ts";
import type { Field } from "./field.ts";
import { type Pace, race, type Timing } from "./race.ts";
import type { Heat, HeatResult } from "./result.ts";

/** One heat of some cases of a part, all contestants of a field on the same data. */
export async function contest(
  field: Field,
  part: Part,
  ids: readonly string[],
  pace: Pace,
  report: (heat: Heat) => void,
): Promise<void> {
  const { problem, cases } = part.make();
  const loads: Load[] = [];
  const unable: Record<string, string> = { ...field.absent };
  for (const contestant of field.contestants) {
    const loaded = await attempt(() => contestant.load(problem), pace.signal);
    if (loaded instanceof Error) unable[contestant.name] = loaded.message;
    else if (loaded) loads.push({ contestant, loaded });
  }
  const stage: Stage = { field, problem, loads, unable, pace };
  try {
    for (const one of cases) if (ids.includes(one.id)) report(await compete(stage, one));
  } finally {
    for (const { loaded } of loads) loaded.dispose();
  }
}

/** A part with everyone who could load its data. */
interface Stage {
  readonly field: Field;
  readonly problem: Problem;
  readonly loads: readonly Load[];
  readonly unable: Readonly<Record<string, string>>;
  readonly pace: Pace;
}

/** Refuses what would take minutes a call. */
function checkRows(contestant: Contestant, problem: Problem, task: string, software: boolean): void {
  const many = (problem.group === "rows" || problem.group === "gaussian") && problem.rows >= 100_000;
  if (!many || !software || !contestant.workgroupPerRow?.(problem, task)) return;
  throw new Error("left out: it needs a workgroup a row, and so minutes a call on a software adapter");
}

interface Load {
  readonly contestant: Contestant;
  readonly loaded: Loaded;
}

interface Entrant extends Load {
  readonly tasks: readonly Task[];
}

async function compete(stage: Stage, one: Case): Promise<Heat> {
  const { field, pace } = stage;
  const absent: Record<string, string> = { ...stage.unable };
  const entrants = await enter(stage, one, absent);
  const timings = await race(
    entrants.map(({ contestant: { device }, tasks }) => ({ device, tasks })),
    pace,
  );
  const results: HeatResult[] = [];
  for (const [k, { contestant, tasks }] of entrants.entries()) {
    const result = await attempt(() => conclude(contestant, timings[k], one, pace), pace.signal);
    if (result instanceof Error) absent[contestant.name] = result.message;
    else results.push(result);
    for (const task of tasks) task.dispose();
  }
  const { id, title, work } = one;
  return { id, title, kind: field.kind, work, results, absent };
}

/** Those who have the function; why the others do not take part goes to `absent`. */
async function enter(
  { field, problem, loads, pace }: Stage,
  one: Case,
  absent: Record<string, string>,
): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const { contestant, loaded } of loads) {
    const tasks = await attempt(() => {
      checkRows(contestant, problem, one.task, field.software);
      return loaded.tasks(one.task);
    }, pace.signal);
    if (tasks instanceof Error) absent[contestant.name] = tasks.message;
    else if (tasks.length > 0) entrants.push({ contestant, loaded, tasks });
    else if (contestant.role === "peer") absent[contestant.name] = "has no such function";
  }
  return entrants;
}

async function conclude(
  contestant: Contestant,
  timing: Timing | Error | undefined,
  one: Case,
  { unjudged }: Pace,
): Promise<HeatResult> {
  if (!timing || timing instanceof Error) throw timing ?? new Error("no timing");
  const { task, first, spans } = timing;
  const { name, role, version, threads } = contestant;
  const answer = unjudged ? [] : await task.answer();
  return {
    name,
    role,
    version,
    ...(threads === undefined ? {} : { threads }),
    note: task.note ?? "",
    first,
    spans,
    ...(answer.length > 0 ? one.judge(answer) : {}),
  };
}
