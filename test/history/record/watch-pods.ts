import type { FleetBody } from '../../../src/api/index.ts';
import { epochMs, observe } from '../../fleet/harness/index.ts';
import { PLACES } from '../stand/stand.ts';
import type { Stand } from '../stand/stand.ts';
import type { Recorder } from './recorder.ts';

const EVERY_MS = 100;

/** Polls the targets of every pod. A pod that does not answer is polled again. */
export function watchPods(stand: Stand, recorder: Recorder): { stop(): Promise<void> } {
  let stopped = false;
  const loops = PLACES.map(async (place) => {
    while (!stopped) {
      await look(stand, place, recorder).catch(() => undefined);
      await observe(EVERY_MS);
    }
  });
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
    },
  };
}

async function look(stand: Stand, place: number, recorder: Recorder): Promise<void> {
  const pod = stand.pod(place);
  if (pod === undefined) return;
  const askedAt = epochMs();
  const { mode, store, targets }: FleetBody = await pod.fleet();
  recorder.add({
    kind: 'view',
    askedAt,
    at: epochMs(),
    place,
    pod: pod.id,
    mode,
    epoch: store.epoch,
    targets: targets.map(({ target, state, why, version, checked_at: checkedAt }) => {
      return { target, state, why, version, checkedAt: checkedAt === null ? null : Date.parse(checkedAt) };
    }),
  });
}

/** Of one command: a pod logs that it was not answered when it is over, and tries again. */
const DEADLINE_MS = 500;

const MODES = [
  [/Falling back to local health checks/, 'fallback'],
  [/Sharing health again/, 'shared'],
] as const;

/** Adds what the pods logged of their mode, each with its own time stamp. */
export function addModes(stand: Stand, recorder: Recorder): void {
  for (const pod of stand.pods) {
    for (const [pattern, mode] of MODES) {
      for (const line of pod.lines(pattern)) {
        recorder.add({ kind: 'mode', at: Date.parse(line.slice(0, 24)), pod: pod.id, mode });
      }
    }
    for (const [index, line] of pod.lines(/Redis does not answer/).entries()) {
      const at = Date.parse(line.slice(0, 24));
      const slow = { kind: 'fault', fault: 'store-slow', on: `${pod.id} ${index}` } as const;
      recorder.add({ ...slow, edge: 'begin', at: at - DEADLINE_MS });
      recorder.add({ ...slow, edge: 'end', at: at + DEADLINE_MS });
    }
  }
}
