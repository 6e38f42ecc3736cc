import { epochMs, observe } from '../../fleet/harness/index.ts';
import type { FaultEdge } from '../entry.ts';
import type { Recorder } from '../record/recorder.ts';
import type { UpstreamWatch } from '../record/watch-upstream.ts';
import type { Stand } from '../stand/stand.ts';
import type { Outage, Plan, Step } from './plan.ts';
import { seededRandom } from '../../sim/seeded-random.ts';

/** The fleet under test, and its recorder. */
export interface Stage {
  readonly stand: Stand;
  readonly recorder: Recorder;
  readonly upstreamWatch: UpstreamWatch;
  readonly targetOf: (model: string) => string;
  readonly seed: number;
}

/** Executes a plan: the faults of pods and store one after another, and the outages of models in parallel. */
export async function play({ steps, outages, lastDown }: Plan, stage: Stage): Promise<void> {
  let ended = false;
  const beside = (async (): Promise<void> => {
    for (const outage of outages) {
      if (ended) return;
      await playOutage(outage, stage);
    }
  })();
  for (const step of steps) await playStep(step, stage);
  ended = true;
  await beside;
  outageBegins({ model: lastDown, behaviour: { kind: 'status', status: 500 } }, stage);
}

async function playStep(step: Step, stage: Stage): Promise<void> {
  await observe(step.pauseMs);
  const at = epochMs();
  const { begin, end } = deedOf(step, stage);
  const detail = await begin();
  stage.recorder.add({ kind: 'fault', at, edge: 'begin', fault: step.fault, ...detail });
  await observe(step.holdMs);
  await end();
  stage.recorder.add({ kind: 'fault', at: epochMs(), edge: 'end', fault: step.fault, on: detail.on });
}

interface Deed {
  begin(): Promise<Pick<FaultEdge, 'on' | 'aheadMs' | 'how'>>;
  end(): Promise<void>;
}

function deedOf({ fault, index, place, how }: Step, { stand, recorder, seed }: Stage): Deed {
  const on = String(place);
  switch (fault) {
    case 'pod-killed':
      return {
        begin: async () => {
          await stand.kill(place);
          return { on };
        },
        end: () => startPod(stand, recorder, place),
      };
    case 'pod-stopped':
      return {
        begin: () => {
          stand.pod(place)?.kill('SIGSTOP');
          return Promise.resolve({ on });
        },
        end: () => Promise.resolve(stand.pod(place)?.kill('SIGCONT')),
      };
    case 'pod-partitioned':
      return {
        begin: async () => {
          await stand.cut(place, how);
          return { on, how };
        },
        end: () => stand.heal(place),
      };
    default: {
      const storeFault = stand.store.faults[index];
      if (storeFault === undefined) throw new Error(`the store has no fault ${fault}`);
      return { begin: () => storeFault.begin(seededRandom(seed + index)), end: () => storeFault.end() };
    }
  }
}

/** Starts a pod on a free host of the stand and records it from the start of its process. */
export async function startPod(stand: Stand, recorder: Recorder, place: number): Promise<void> {
  const at = epochMs();
  const pod = await stand.start(place);
  recorder.add({ kind: 'pod', at, place, pod: pod.id });
}

async function playOutage(outage: Outage, stage: Stage): Promise<void> {
  await observe(outage.pauseMs);
  outageBegins(outage, stage);
  await observe(outage.holdMs);
  stage.stand.behave(outage.model, { kind: 'ok' });
  stage.upstreamWatch.answers(outage.model, 'good');
  const on = stage.targetOf(outage.model);
  stage.recorder.add({ kind: 'fault', at: epochMs(), edge: 'end', fault: 'upstream', on });
}

function outageBegins({ model, behaviour }: Pick<Outage, 'model' | 'behaviour'>, stage: Stage): void {
  stage.stand.behave(model, behaviour);
  stage.upstreamWatch.answers(model, 'bad');
  const on = stage.targetOf(model);
  stage.recorder.add({ kind: 'fault', at: epochMs(), edge: 'begin', fault: 'upstream', on, how: behaviour.kind });
}
