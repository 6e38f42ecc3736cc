import { parseRecord } from '../../src/health/index.ts';
import type { Facts, FailureRun } from '../../src/health/index.ts';
import type {
  ClaimAnswer,
  ClaimRequest,
  CommitAnswer,
  CommitRequest,
  FleetEvent,
  KeyedRecord,
  StoreAnswer,
  StoredRecord,
} from '../../src/ports/index.ts';
import type { PlantedBug } from './world.ts';

const FOR_EVER = 8_000_000_000_000_000;
const FAKE_POD = 'pod_ghost';

/** No `notAfter`: commands that timed out still take effect when the store resumes. */
export const noNotAfter: PlantedBug = (inner) => ({
  ...inner,
  claim: (input) => inner.claim({ ...input, notAfter: FOR_EVER }),
  renew: (input) => inner.renew({ ...input, notAfter: FOR_EVER }),
  commit: (input) => inner.commit({ ...input, notAfter: FOR_EVER }),
  release: (input) => inner.release({ ...input, notAfter: FOR_EVER }),
  heartbeat: (input) => inner.heartbeat({ ...input, notAfter: FOR_EVER }),
  leave: (input) => inner.leave({ ...input, notAfter: FOR_EVER }),
  writeTargets: (input) => inner.writeTargets({ ...input, notAfter: FOR_EVER }),
  sweep: (input) => inner.sweep({ ...input, notAfter: FOR_EVER }),
  hold: (input) => inner.hold({ ...input, notAfter: FOR_EVER }),
  sweepHolds: (input) => inner.sweepHolds({ ...input, notAfter: FOR_EVER }),
});

/** Evidence is dated by its commit, not by the start of its probe. */
export const stampedAtCommit: PlantedBug = (inner, world) => ({
  ...inner,
  commit: (input) =>
    inner.commit({
      ...input,
      commits: input.commits.map((request) => {
        const [at, { facts }] = [Math.floor(world.storeNow()), request];
        const lastSuccess = facts.last.ok ? { ...facts.lastSuccess, [facts.last.level]: at } : facts.lastSuccess;
        const last = { ...facts.last, at, answeredAt: at };
        return { ...request, evidenceAt: at, facts: { ...facts, lastSuccess, last } };
      }),
    }),
});

/** The last write wins, whatever version it was computed from. */
export const noVersionCheck: PlantedBug = (inner, world) => ({
  ...inner,
  commit: (input) => {
    const texts = world.memory.texts('records');
    const present = ({ target }: CommitRequest): number => {
      const parsed = parseRecord(texts.get(target) ?? '');
      return parsed.kind === 'record' ? parsed.record.version : 0;
    };
    return inner.commit({
      ...input,
      commits: input.commits.map((request) => ({ ...request, expectedVersion: present(request) })),
    });
  },
});

/** Some targets are not due for ten minutes, whatever their interval. */
export const dueTooLate: PlantedBug = (inner, world) => ({
  ...inner,
  claim: async (input) =>
    mapped(await inner.claim(input), (answers) =>
      answers.map((answer, i) =>
        isAffected(input.requests[i])
          ? { kind: 'not-due', dueAt: world.storeNow() + 600_000_000, version: 0, record: null }
          : answer,
      ),
    ),
});

/** Some targets are reported as leased until now, which invites an immediate retry. */
export const heldUntilNow: PlantedBug = (inner, world) => ({
  ...inner,
  claim: async (input) =>
    mapped(await inner.claim(input), (answers) =>
      answers.map((answer, i) =>
        isAffected(input.requests[i]) ? { kind: 'held', by: FAKE_POD, until: world.storeNow() } : answer,
      ),
    ),
});

/**
 * One witness is enough: each failure that a pod reads has one extra witness. Commits remove the extra witness,
 * so that the records stay correct and only verdicts are wrong.
 */
export const noSecondWitness: PlantedBug = (inner) => ({
  ...inner,
  claim: async (input) => mapped(await inner.claim(input), (answers) => answers.map(withExtraWitness)),
  commit: async (input) => {
    const commits = input.commits.map((request) => ({ ...request, facts: withoutExtraWitness(request.facts) }));
    return mapped(await inner.commit({ ...input, commits }), (answers) => answers.map(withExtraWitness));
  },
  readRecords: async (targets) => mapped(await inner.readRecords(targets), pageWithExtraWitness),
  subscribe: (listener) =>
    inner.subscribe({ ...listener, event: (event) => listener.event(eventWithExtraWitness(event)) }),
});

/** A quarter of all targets. */
function isAffected(request: ClaimRequest | undefined): boolean {
  return /^[0-3]/.test(request?.target ?? '');
}

function mapped<T>(answer: StoreAnswer<T>, change: (value: T) => T): StoreAnswer<T> {
  return answer.kind === 'ok' ? { ...answer, value: change(answer.value) } : answer;
}

function withExtraWitness<A extends ClaimAnswer | CommitAnswer>(answer: A): A {
  return 'record' in answer && answer.record !== null ? { ...answer, record: addWitness(answer.record) } : answer;
}

function pageWithExtraWitness(page: readonly KeyedRecord[]): readonly KeyedRecord[] {
  return page.map(({ target, stored }) => ({ target, stored: addWitness(stored) }));
}

function eventWithExtraWitness(event: FleetEvent): FleetEvent {
  if (event.kind !== 'commit') return event;
  return { ...event, records: event.records.map(({ target, stored }) => ({ target, stored: addWitness(stored) })) };
}

function addWitness(stored: StoredRecord): StoredRecord {
  const failureRun = stored.kind === 'record' ? stored.record.facts.failureRun : undefined;
  if (stored.kind !== 'record' || failureRun?.witnesses.length !== 1) return stored;
  const witnesses = [...failureRun.witnesses, { pod: FAKE_POD, at: failureRun.at, position: failureRun.length }];
  return {
    kind: 'record',
    record: { ...stored.record, facts: { ...stored.record.facts, failureRun: { ...failureRun, witnesses } } },
  };
}

function withoutExtraWitness(facts: Facts): Facts {
  return facts.failureRun === undefined ? facts : { ...facts, failureRun: removeWitness(facts.failureRun) };
}

function removeWitness(failureRun: FailureRun): FailureRun {
  const clean = <T extends Omit<FailureRun, 'previous'>>(one: T): T => ({
    ...one,
    witnesses: one.witnesses.filter(({ pod }) => pod !== FAKE_POD),
  });
  return failureRun.previous === undefined
    ? clean(failureRun)
    : { ...clean(failureRun), previous: clean(failureRun.previous) };
}

/** Reads return no holds: only the pod that stored a hold applies it. */
export const holdsAreNeverRead: PlantedBug = (inner) => ({
  ...inner,
  readHolds: async (keys) => mapped(await inner.readHolds(keys), () => []),
});

/** Claims are granted during a pause: a pod that has not received the pause continues to probe. */
export const pausesIgnored: PlantedBug = (inner) => ({
  ...inner,
  claim: (input) =>
    inner.claim({ ...input, requests: input.requests.map((request) => ({ ...request, despite: 'pause' })) }),
});
