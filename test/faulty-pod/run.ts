import { observe } from '../fleet/harness/index.ts';
import type { PodFault, Series } from './faults.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { watch } from './watch.ts';
import type { Seen } from './watch.ts';

/** What one fault of one pod did to a fleet. */
export interface Outcome {
  readonly fault: PodFault;
  readonly pods: number;
  readonly seen: Seen;
}

/** Time for which a healthy pod has the lease, at the end of a fault. */
const HEALTHY_LEADS_MS = 3_000;

/** Gives one pod of a fleet each fault of a series, one after the other. */
export async function runSeries({ faults, intervalSeconds }: Series, pods: number): Promise<readonly Outcome[]> {
  const stage = await oneAfterTheOther(async () => await openStage({ pods, intervalSeconds }));
  try {
    const outcomes: Outcome[] = [];
    for (const fault of faults) {
      if (fault.needsClock && stage.itsClock === undefined) {
        console.log(`not run, because setting a clock takes a C compiler (cc): ${fault.what}`);
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop -- one fault after the other
      outcomes.push({ fault, pods, seen: await seenDuring(stage, fault) });
    }
    return outcomes;
  } catch (error) {
    throw new Error(`log of the pods:\n${stage.fleet.story().split('\n').slice(-300).join('\n')}`, { cause: error });
  } finally {
    await stage.stop();
  }
}

async function seenDuring(stage: Stage, { prepare, begin, forMs }: PodFault): Promise<Seen> {
  prepare?.(stage);
  const pod = await stage.enter();
  const watching = await watch(stage);
  await begin(stage, pod);
  await observe(forMs);
  const seen = await watching.stop();
  const { bridge } = await pod.fleet();
  const after = bridge.state === 'publishing' ? await seenWhileHealthyLeads(stage) : undefined;
  await stage.leave(pod);
  return {
    answers: seen.answers + (after?.answers ?? 0),
    wrongVerdicts: [...seen.wrongVerdicts, ...(after?.wrongVerdicts ?? [])],
    wrongCooldowns: [...seen.wrongCooldowns, ...(after?.wrongCooldowns ?? [])],
    notCooledMs: seen.notCooledMs,
  };
}

/** A pod without the fault gets the lease, while the fault lasts. */
async function seenWhileHealthyLeads(stage: Stage): Promise<Seen> {
  const watching = await watch(stage);
  const [first] = stage.healthy;
  if (first !== undefined) await stage.lead(first);
  await observe(HEALTHY_LEADS_MS);
  return await watching.stop();
}

let starting: Promise<unknown> = Promise.resolve();

/** Pods that all start at once would take too long on a busy machine. */
async function oneAfterTheOther<T>(start: () => Promise<T>): Promise<T> {
  const begun = starting.then(start);
  starting = begun.catch(() => undefined);
  return await begun;
}
