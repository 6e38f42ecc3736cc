import { newestEvidenceAt, LEVELS } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import { HISTORY_LIMITS } from '../../ports/index.ts';
import type { CommitAnswer, CommitInput, CommitRequest } from '../../ports/index.ts';
import {
  boundedText,
  historyWith,
  LONGEST_HISTORY,
  pointText,
  recordText,
  shareOf,
  wholeStamp,
  wholeStamps,
  type HistoryShare,
  type Lease,
  type RecordHeader,
} from '../format/index.ts';
import { pay } from './money.ts';
import {
  isNewer,
  leaseOf,
  nextEvent,
  presentHeader,
  putLease,
  putRecord,
  shownOf,
  storedOf,
  type FleetState,
} from './state.ts';

/** The rules of `FleetStore.commit`; equal to `lua/commit-records-4.lua`. */
export function commit(state: FleetState, now: StoreTime, input: CommitInput): readonly CommitAnswer[] {
  const written = new Set<string>();
  const share = shareOf(input.history ?? HISTORY_LIMITS, state.history.size);
  const answers = input.commits.map((request) => {
    const lease = leaseOf(state, request.target, now);
    const entry = state.records.get(request.target);
    const header = presentHeader(entry, request.expectedVersion, now);
    const refusal =
      request.grant === undefined
        ? refuseObservation(now, header, request)
        : refuseProbe(now, { header, lease, pod: input.pod, grant: request.grant });
    if (refusal !== undefined) return refusal;
    if ((header?.version ?? 0) !== request.expectedVersion || (header !== undefined && isNewer(entry, now))) {
      return { kind: 'conflict', record: shownOf(entry, now) } satisfies CommitAnswer;
    }
    written.add(request.target);
    return write(state, now, { request, header, lease, share });
  });
  if (written.size > 0) {
    const { epoch, seq } = nextEvent(state, input.newEpoch);
    const records = [...written].flatMap((target) => {
      const entry = state.records.get(target);
      return entry === undefined ? [] : [{ target, stored: storedOf(entry, now) }];
    });
    state.publish({ kind: 'commit', epoch, seq, at: now, pod: input.pod, records });
  }
  return answers;
}

interface ProbeClaim {
  readonly header: RecordHeader | undefined;
  readonly lease: Lease | undefined;
  readonly pod: string;
  readonly grant: number;
}

function refuseProbe(now: StoreTime, { header, lease, pod, grant }: ProbeClaim): CommitAnswer | undefined {
  if (header?.grant === grant) return { kind: 'ok', version: header.version };
  const ours = lease !== undefined && lease.pod === pod && lease.grant === grant && lease.until > now;
  return ours && (header?.grant ?? 0) < grant ? undefined : { kind: 'stale' };
}

function refuseObservation(
  now: StoreTime,
  header: RecordHeader | undefined,
  request: CommitRequest,
): CommitAnswer | undefined {
  if (header === undefined) return undefined;
  // Newer evidence at one level is enough: shallower evidence may be newer than deeper.
  const stamps = wholeStamps(request);
  const newer = LEVELS.some(
    (level) => Math.min(newestEvidenceAt(stamps, level), now) > Math.min(newestEvidenceAt(header, level), now),
  );
  return newer ? undefined : { kind: 'stale' };
}

interface Writing {
  readonly request: CommitRequest;
  readonly header: RecordHeader | undefined;
  readonly lease: Lease | undefined;
  readonly share: HistoryShare;
}

function write(state: FleetState, now: StoreTime, { request, header, lease, share }: Writing): CommitAnswer {
  const version = Math.max((header?.version ?? 0) + 1, now);
  const text = recordText({
    version,
    grant: request.grant ?? header?.grant ?? 0,
    ...wholeStamps(request),
    nextDueAt: wholeStamp(request.nextDueAt),
    facts: request.facts,
  });
  putRecord(state, request.target, text);
  if (request.point !== undefined) {
    const before = boundedText(state.history.get(request.target) ?? '', LONGEST_HISTORY);
    state.history.set(request.target, historyWith(before, pointText(request.point), now, share));
  }
  if (request.grant !== undefined && lease !== undefined) {
    putLease(state, request.target, { ...lease, until: 0 });
    if (request.cost !== undefined) pay(state, now, request.target, request.grant, request.cost);
  }
  return { kind: 'ok', version };
}
