import type { TargetId } from '../../src/health/index.ts';
import type { FleetStore, StoreAnswer } from '../../src/ports/index.ts';
import type { HoldHistory } from './invariants/hold-history.ts';
import type { LeaseHistory } from './invariants/lease-history.ts';
import type { RecordHistory } from './invariants/record-history.ts';

/** The histories that record the commands of a store. */
export interface WatchParts {
  readonly records: RecordHistory;
  readonly leases: LeaseHistory;
  readonly holds: HoldHistory;
  readonly texts: () => ReadonlyMap<TargetId, string>;
  /** Runs a check; a violation ends the world. */
  readonly guard: (check: () => void) => void;
}

/** Records and checks every command that the store accepts. */
export function watchedStore(inner: FleetStore, { records, leases, holds, texts, guard }: WatchParts): FleetStore {
  const after = async <T>(answer: Promise<StoreAnswer<T>>, enter: (value: T) => void): Promise<StoreAnswer<T>> => {
    const done = await answer;
    if (done.kind === 'ok') guard(() => enter(done.value));
    return done;
  };
  return {
    ...inner,
    claim: (input) =>
      after(inner.claim(input), (answers) =>
        answers.forEach((one, i) => {
          const request = input.requests[i];
          if (request === undefined) return;
          holds.answered(input.pod, request.reason, one.kind);
          if (one.kind === 'granted') leases.granted(input.pod, request, one);
        }),
      ),
    renew: (input) =>
      after(inner.renew(input), ({ until, lost }) => {
        const gone = new Set(lost);
        for (const { target, grant } of input.leases) {
          if (!gone.has(target)) leases.renewed(input.pod, target, grant, until);
        }
      }),
    release: (input) =>
      after(inner.release(input), () => {
        for (const { target, grant } of input.leases) leases.ended(target, grant);
      }),
    commit: (input) =>
      after(inner.commit(input), (answers) => {
        const now = texts();
        const written = input.commits.filter((_, i) => answers[i]?.kind === 'ok');
        for (const { target, grant } of written) if (grant !== undefined) leases.ended(target, grant);
        records.written(written.map(({ target }) => [target, now.get(target) ?? ''] as const));
      }),
  };
}
