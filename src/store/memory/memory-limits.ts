import type { StoreTime } from '../../health/index.ts';
import type { LeaseLimits, LimitStore, StoreAnswer } from '../../ports/index.ts';
import { problemOfNames, wholeStamp } from '../format/index.ts';
import { leaseLimits } from './limits.ts';
import { metaOf, type FleetState } from './state.ts';

interface Parts {
  readonly state: FleetState;
  readonly clockUs: () => number;
}

type Named = Pick<LeaseLimits, 'pod' | 'pools' | 'notAfter'>;

/** One pod's handle on the shared limits: checks names and `notAfter` as the Redis adapter and its script do. */
export function memoryLimits({ state, clockUs }: Parts): LimitStore {
  const run = <T>({ pod, pools, notAfter }: Named, work: (now: StoreTime) => T): Promise<StoreAnswer<T>> => {
    const problem = problemOfNames({ pod, pools });
    if (problem !== undefined) return Promise.resolve({ kind: 'lost', loss: { code: 'error', message: problem } });
    const now = clockUs();
    if (now > wholeStamp(notAfter)) return Promise.resolve({ kind: 'too-late', meta: metaOf(state, now) });
    const value = work(now);
    return Promise.resolve({ kind: 'ok', meta: metaOf(state, now), value });
  };
  return {
    lease: (input) => run(input, (now) => leaseLimits(state, now, input)),
    giveBack: (input) =>
      run(input, (now) => {
        leaseLimits(state, now, { ...input, ttlMs: 0, pods: 1 });
        return null;
      }),
  };
}
