import { excerpt, gridDue, newestEvidenceAt, type StoreTime, type TargetId } from '../../health/index.ts';
import {
  FORCED_REUSE_MS,
  guardOf,
  PROBING,
  type ClaimAnswer,
  type ClaimInput,
  type ClaimRequest,
  type Hold,
} from '../../ports/index.ts';
import { boundedText, holdFrom, wholeMs, wholeStamp, type Lease, type RecordHeader } from '../format/index.ts';
import { reserve } from './money.ts';
import { publishLeases } from './publish.ts';
import { headerAt, leaseOf, presentHeader, putLease, shownOf, type FleetState } from './state.ts';

/** The rules of `FleetStore.claim`, request by request; equal to `lua/claim-leases-4.lua`. */
export function claim(state: FleetState, now: StoreTime, input: ClaimInput): readonly ClaimAnswer[] {
  const hold = pauseOf(state, now);
  const answers = input.requests.map((request): ClaimAnswer => {
    const waits = hold !== undefined && request.despite === undefined;
    return waits ? { kind: 'paused', hold } : claimOne(state, now, input, request);
  });
  const granted = input.requests.flatMap(({ target }, index) => {
    const answer = answers[index];
    return answer?.kind === 'granted' ? [{ target, grant: answer.grant, until: answer.until }] : [];
  });
  publishLeases(state, now, input.pod, granted);
  return answers;
}

/** The pause in force; undefined for none. */
function pauseOf({ holds }: FleetState, now: StoreTime): Hold | undefined {
  const stored = holdFrom(boundedText(holds.get(PROBING) ?? ''), now);
  if (stored.kind !== 'hold' || stored.hold.kind !== 'pause') return undefined;
  return stored.hold.until === null || stored.hold.until > now ? stored.hold : undefined;
}

function claimOne(state: FleetState, now: StoreTime, input: ClaimInput, request: ClaimRequest): ClaimAnswer {
  const { target } = request;
  const until = now + wholeMs(input.ttlMs) * 1000;
  const lease = leaseOf(state, target, now);
  const entry = state.records.get(target);
  if (lease !== undefined && lease.until > now) {
    if (lease.pod !== input.pod) {
      // No pod writes a later end: the clock was set back, or the value was forged. Cut, so that the lease ends.
      if (lease.until > until) putLease(state, target, { ...lease, until });
      return { kind: 'held', by: lease.pod, until: Math.min(lease.until, until) };
    }
    return grantLease(state, now, input, request, { ...lease, until });
  }
  const header = presentHeader(entry, request.version, now);
  const window = guardWindow(now, lease, request);
  const dueAt = notBefore(now, window, header, request);
  if (dueAt !== undefined) {
    const version = header?.version ?? 0;
    return { kind: 'not-due', dueAt, version, record: version === request.version ? null : shownOf(entry, now) };
  }
  const grant = Math.max((lease?.grant ?? 0) + 1, (headerAt(entry, now)?.grant ?? 0) + 1, now);
  return grantLease(state, now, input, request, {
    grant,
    pod: input.pod,
    until,
    ...countGrant(window, lease, request),
  });
}

/** Grants the lease if the budgets allow it. */
function grantLease(
  state: FleetState,
  now: StoreTime,
  { budget }: ClaimInput,
  { target, paid }: ClaimRequest,
  lease: Lease,
): ClaimAnswer {
  const { grant, until } = lease;
  const reserved = reserve(state, now, { target, grant, paid, fleetBudget: budget });
  if (reserved.kind === 'over-budget') return reserved;
  const garbage = garbageLease(state, target, now);
  putLease(state, target, lease);
  const uses = reserved.uses === undefined ? {} : { uses: reserved.uses };
  const replaced = garbage === '' ? {} : { replaced: excerpt(garbage) };
  return { kind: 'granted', grant, until, record: shownOf(state.records.get(target), now), ...uses, ...replaced };
}

/** Excerpt of a value that is stored as the lease and is none. */
function garbageLease(state: FleetState, target: TargetId, now: StoreTime): string {
  return leaseOf(state, target, now) === undefined ? boundedText(state.leases.get(target) ?? '').slice(0, 100) : '';
}

interface GuardWindow {
  readonly windowStart: StoreTime;
  readonly count: number;
}

function guardWindow(now: StoreTime, lease: Lease | undefined, request: ClaimRequest): GuardWindow {
  const running =
    lease !== undefined && lease.windowStart <= now && now < lease.windowStart + wholeMs(request.intervalMs) * 1000;
  return running ? lease : { windowStart: now, count: 0 };
}

function countGrant(window: GuardWindow, lease: Lease | undefined, request: ClaimRequest): GuardWindow {
  if (request.reason === 'forced') return { windowStart: lease?.windowStart ?? 0, count: lease?.count ?? 0 };
  return { windowStart: window.windowStart, count: window.count + 1 };
}

/** Time at which the request can be granted; `undefined` for now. */
function notBefore(
  now: StoreTime,
  window: GuardWindow,
  header: RecordHeader | undefined,
  request: ClaimRequest,
): StoreTime | undefined {
  if (request.reason === 'forced') {
    return header === undefined ? undefined : reusableUntil(now, datedBy(header, request));
  }
  if (window.count >= guardOf(request)) return window.windowStart + wholeMs(request.intervalMs) * 1000;
  if (header === undefined) return undefined;
  const current = header.version === wholeStamp(request.version);
  const dueAt = scheduledAt(now, header, request, current ? 'current' : 'outdated');
  if (request.reason === 'confirmation') return current ? undefined : dueAt;
  return now >= dueAt ? undefined : dueAt;
}

/** Newest evidence at the level of the request or deeper. */
function datedBy(header: RecordHeader, { level = 'inference' }: ClaimRequest): StoreTime {
  return newestEvidenceAt(header, level);
}

function reusableUntil(now: StoreTime, evidenceAt: StoreTime): StoreTime | undefined {
  const reuse = FORCED_REUSE_MS * 1000;
  // Evidence further ahead was stamped before the clock was set back, so it is not reused.
  const fresh = evidenceAt > now - reuse && evidenceAt < now + reuse;
  return fresh ? Math.min(evidenceAt, now) + reuse : undefined;
}

function scheduledAt(
  now: StoreTime,
  header: RecordHeader,
  request: ClaimRequest,
  claimant: 'current' | 'outdated',
): StoreTime {
  const everyMs = wholeMs(request.everyMs);
  const everyUs = everyMs * 1000;
  // After the clock was set back, evidence is ahead of it. Clamped to now, it would advance with the clock, and the target
  // would never be due. So evidence ahead by more than half an interval counts as one interval old.
  const dated = datedBy(header, request);
  const evidenceAt = dated > now + everyUs / 2 ? now - everyUs : Math.min(dated, now);
  if (claimant === 'current') return gridDue(evidenceAt, request.target, everyMs);
  return Math.min(header.nextDueAt, evidenceAt + 2 * everyUs);
}
