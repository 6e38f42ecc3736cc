import { entriesOf } from '../entry.ts';
import type { History, Violation } from '../entry.ts';
import { faultSpans } from '../fault-spans.ts';
import type { FaultSpan } from '../fault-spans.ts';

/** Delay of messages in transit at the start of a fault, and of late reports. */
const ON_ITS_WAY_MS = 500;

/** A fault without an effect proves nothing: each must be visible in the other entries. */
export function checkEffects(history: History): Violation[] {
  return faultSpans(history).flatMap((span) => {
    const missing = missingEffect(history, span);
    if (missing === undefined) return [];
    return [{ check: 'effects', at: span.from, what: `${span.fault} of ${span.on} had no effect: ${missing}` }];
  });
}

function missingEffect(history: History, span: FaultSpan): string | undefined {
  switch (span.fault) {
    case 'pod-killed':
      return podsAt(history, span).length > 0 ? undefined : 'no other process took its place';
    case 'pod-stopped':
      return answered(history, span) ? 'the pod answered' : undefined;
    case 'pod-partitioned':
      return leased(history, span) ? 'the pod was granted a lease' : undefined;
    case 'store-killed':
    case 'store-flushed':
      return sameEpoch(history, span) ? 'the records kept their epoch' : undefined;
    case 'store-hung':
      return committed(history, span) ? 'a commit was published' : undefined;
    case 'failover':
      return lostWrites(history, span) > 0 ? undefined : 'no write was lost';
    case 'clock':
      return wasAhead(history, span) ? undefined : 'no lease was granted at the time that it was set to';
    case 'store-slow':
    case 'upstream':
      return undefined;
  }
}

/** Processes that began on the host while the fault lasted. */
function podsAt(history: History, { on, from, to }: FaultSpan): string[] {
  const pods = entriesOf(history, 'pod').filter(({ place, at }) => String(place) === on && at >= from && at <= to);
  return pods.map(({ pod }) => pod);
}

function answered(history: History, { on, from, to }: FaultSpan): boolean {
  return entriesOf(history, 'view').some(({ place, askedAt, at }) => String(place) === on && askedAt > from && at < to);
}

function leased(history: History, { on, from, to }: FaultSpan): boolean {
  const pod = entriesOf(history, 'pod').findLast(({ place, at }) => String(place) === on && at < from)?.pod;
  return entriesOf(history, 'lease').some((one) => one.pod === pod && one.at > from + ON_ITS_WAY_MS && one.at < to);
}

function sameEpoch(history: History, { from, to }: FaultSpan): boolean {
  const commits = entriesOf(history, 'commit');
  const before = commits.findLast(({ at }) => at < from)?.epoch;
  return before !== undefined && commits.some(({ at, epoch }) => at > to + ON_ITS_WAY_MS && epoch === before);
}

function committed(history: History, { from, to }: FaultSpan): boolean {
  return entriesOf(history, 'commit').some(({ at }) => at > from + ON_ITS_WAY_MS && at < to);
}

/** By how many commits the new primary was behind the one that it replaced, when both were last and first asked. */
function lostWrites(history: History, { on, from, to }: FaultSpan): number {
  const polled = entriesOf(history, 'polled').filter(({ at }) => at >= from && at <= to);
  const had = Math.max(0, ...polled.filter(({ server }) => server === on).map(({ seq }) => seq));
  const has = polled.find(({ server }) => server !== on)?.seq ?? had;
  return had - has;
}

function wasAhead(history: History, { from, to, aheadMs }: FaultSpan): boolean {
  return entriesOf(history, 'lease').some(({ at, storeMs }) => at >= from && at <= to && storeMs > at + aheadMs / 2);
}
