import { beginOf, entriesOf } from '../entry.ts';
import type { Call, Commit, History, ModeChange, Polled, Violation } from '../entry.ts';
import { faultSpans, LOSSES, overlaps, SEPARATIONS } from '../fault-spans.ts';
import type { FaultSpan } from '../fault-spans.ts';

/** A lease event and the probe that it allows travel on two sockets. */
const ORDER_MS = 500;
/** The longest time between two samples of one pod, and the delay of its mode. */
const MODE_MS = 1_000;
/** From the end of a probe until its commit: a refresh waits up to a tenth of the interval to be batched. */
const COMMIT_MS = 1_500;

/** Why a probe was allowed. */
export type Permit =
  | { readonly kind: 'lease'; readonly grant: number }
  /**
   * The pod lost the lease while it held it, and was granted it again: one probe for a lost lease. Either a fault parted it
   * from the store, or it offered its result without the lease, as it does when a commit is not answered in time.
   */
  | { readonly kind: 'lease-again'; readonly grant: number }
  /** The pod had no store. */
  | { readonly kind: 'fallback' }
  /**
   * The store was lost at that moment, possibly with the announcement of a lease; or a lease may have begun and ended between two
   * polls of a server whose channel was not received.
   */
  | { readonly kind: 'unwatched' }
  | { readonly kind: 'none' };

/** A probe at the upstream, the process that made it, and what allowed it. */
export interface PermittedCall extends Call {
  readonly pod: string;
  readonly permit: Permit;
}

/** Finds the permit of each probe. A grant permits one probe, of its own pod, which starts within the lease. */
export function permittedCalls(history: History): PermittedCall[] {
  const pods = entriesOf(history, 'pod');
  const grants = grantsSeen(history);
  const spans = faultSpans(history);
  const commits = entriesOf(history, 'commit');
  const polls = [...Map.groupBy(entriesOf(history, 'polled'), ({ server }) => server).values()];
  const uses = new Map<SeenGrant, readonly number[]>();
  const permitFor = (call: Call, pod: string): Permit => {
    const mine = grants.filter((one) => one.target === call.target && one.pod === pod && isLive(one, call.at));
    const unused = mine.find((one) => !uses.has(one));
    if (unused !== undefined) {
      uses.set(unused, [call.at]);
      return { kind: 'lease', grant: unused.grant };
    }
    const again = mine.findLast((one) => {
      const used = uses.get(one) ?? [];
      return used.length === 1 && (wasParted(used, call.at, spans) || wasOffered(one, call.at, commits));
    });
    if (again !== undefined) {
      uses.set(again, [...(uses.get(again) ?? []), call.at]);
      return { kind: 'lease-again', grant: again.grant };
    }
    if (inFallback(history, pod, call.at)) return { kind: isBetweenPolls(polls, call.at) ? 'unwatched' : 'fallback' };
    const moment = { from: call.at - ORDER_MS, to: call.at + ORDER_MS };
    const lost = spans.some((span) => LOSSES.includes(span.fault) && overlaps(span, moment, ORDER_MS));
    return { kind: lost ? 'unwatched' : 'none' };
  };
  return entriesOf(history, 'call')
    .toSorted((a, b) => a.at - b.at)
    .map((call) => {
      const pod = pods.findLast(({ place, at }) => place === call.place && at <= call.at)?.pod ?? '';
      return { ...call, pod, permit: permitFor(call, pod) };
    });
}

interface SeenGrant {
  readonly pod: string;
  readonly target: string;
  readonly grant: number;
  /** The first time it was recorded, and the latest expiry. */
  readonly at: number;
  readonly endsAt: number;
}

function isLive({ at, endsAt }: SeenGrant, callAt: number): boolean {
  return at - ORDER_MS <= callAt && callAt <= endsAt + ORDER_MS;
}

/** A fault separated pod and store after the first probe: its result may not have arrived. */
function wasParted([first = 0]: readonly number[], at: number, spans: readonly FaultSpan[]): boolean {
  return spans.some((span) => SEPARATIONS.includes(span.fault) && overlaps(span, { from: first, to: at }, COMMIT_MS));
}

/** The result was recorded before, as evidence of that time but without that grant. */
function wasOffered({ target, grant }: SeenGrant, at: number, commits: readonly Commit[]): boolean {
  return commits.some(
    (one) => one.target === target && one.evidenceAt === grant && one.grant !== grant && one.at <= at,
  );
}

/** True if results were committed between the polls of a server before and after that time. */
function isBetweenPolls(servers: readonly (readonly Polled[])[], at: number): boolean {
  return servers.some((polls) => {
    const next = polls.findIndex((poll) => poll.at >= at);
    const [before, after] = [polls[next - 1], polls[next]];
    return before !== undefined && after !== undefined && after.at - before.at < ORDER_MS && after.seq > before.seq;
  });
}

/** Each grant once: from a channel, or from polling a server whose channel was not received. */
function grantsSeen(history: History): SeenGrant[] {
  const { leaseMs } = beginOf(history);
  const polled = entriesOf(history, 'polled').flatMap(({ at, leases }) => leases.map((lease) => ({ at, ...lease })));
  const heard = entriesOf(history, 'lease').filter(({ until }) => until > 0);
  const seen = new Map<string, SeenGrant>();
  for (const { at, pod, target, grant } of [...heard, ...polled]) {
    const name = `${target} ${grant}`;
    const known = seen.get(name);
    if (known === undefined || at < known.at) seen.set(name, { at, pod, target, grant, endsAt: at + leaseMs });
  }
  for (const { at, target, grant } of heard) {
    const name = `${target} ${grant}`;
    const known = seen.get(name);
    if (known !== undefined) seen.set(name, { ...known, endsAt: Math.max(known.endsAt, at + leaseMs) });
  }
  return [...seen.values()].toSorted((a, b) => a.at - b.at);
}

/** By the pod's samples or its log: a fallback may lie between two samples. */
function inFallback(history: History, pod: string, at: number): boolean {
  const shown = entriesOf(history, 'view').some((view) => {
    return view.pod === pod && view.mode !== 'shared' && view.at >= at - MODE_MS && view.askedAt <= at + MODE_MS;
  });
  return shown || modeAt(history, pod, at) === 'fallback';
}

function modeAt(history: History, pod: string, at: number): ModeChange['mode'] | undefined {
  const changes = entriesOf(history, 'mode').filter((one) => one.pod === pod && one.at <= at);
  return changes.toSorted((a, b) => a.at - b.at).at(-1)?.mode;
}

/** Promise 1: in shared mode a pod makes one probe per lease of its own. */
export function checkPermits(history: History): Violation[] {
  return permittedCalls(history).flatMap(({ at, target, pod, permit }) => {
    if (permit.kind !== 'none') return [];
    return [{ check: 'permits', at, what: `${pod} probed ${target} without a lease, and not in fallback` }];
  });
}

/** The result of each probe reaches a record, unless a fault separated the pod from the store. */
export function checkNotInVain(history: History): Violation[] {
  const committed = new Set(entriesOf(history, 'commit').map(({ target, grant }) => `${target} ${grant}`));
  const excuses = faultSpans(history).filter(({ fault }) => {
    return SEPARATIONS.includes(fault) || fault === 'pod-killed' || fault === 'clock';
  });
  const endsAt = Math.max(...entriesOf(history, 'view').map(({ at }) => at));
  return permittedCalls(history).flatMap(({ at, endedAt, target, pod, permit }) => {
    const running = { from: at - ORDER_MS, to: endedAt + COMMIT_MS };
    if (permit.kind !== 'lease' || running.to > endsAt || committed.has(`${target} ${permit.grant}`)) return [];
    if (excuses.some((span) => overlaps(span, running, COMMIT_MS))) return [];
    return [
      { check: 'not in vain', at, what: `${pod} probed ${target} under ${permit.grant}, and never committed it` },
    ];
  });
}
