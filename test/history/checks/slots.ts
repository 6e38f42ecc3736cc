import { phaseOf } from '../../../src/health/index.ts';
import { beginOf, entriesOf } from '../entry.ts';
import type { Commit, History, Violation } from '../entry.ts';
import { aheadAt, faultSpans, LOSSES, overlaps } from '../fault-spans.ts';
import { BOUNDS } from '../bounds.ts';
import { permittedCalls } from './permits.ts';
import type { PermittedCall } from './permits.ts';

/** Most unforced leases of a target in one interval: the built-in guard, of which an interval may meet two windows. */
const GUARD = 3;

/** One due time of a target: from its grid point to the next. */
interface Slot {
  readonly target: string;
  readonly number: number;
  readonly calls: PermittedCall[];
  readonly commits: Commit[];
}

/**
 * Promise 1, counted at the upstream: for one due time one probe. More only by name: a confirmation, a lease that was lost
 * with its pod or its store, a pod in fallback (one for each), and one for each time the store lost its records or had its
 * clock set, for then the due time is forgotten.
 */
export function checkSlots(history: History): Violation[] {
  const spans = faultSpans(history);
  const forgets = spans.filter(({ fault }) => fault === 'clock' || LOSSES.includes(fault));
  return slotsOf(history).flatMap((slot) => {
    const times = [...slot.calls, ...slot.commits].map(({ at: time }) => time);
    const [at, to] = [Math.min(...times), Math.max(...times)];
    const forgotten = forgets.filter((span) => overlaps(span, { from: at, to }, BOUNDS.noticedMs)).length;
    return [...tooManyScheduled(slot, at, forgotten), ...tooManyInAll(slot, at, forgotten), ...fallbackTwice(slot, at)];
  });
}

function tooManyScheduled({ target, number, commits }: Slot, at: number, forgotten: number): Violation[] {
  const scheduled = commits.filter(({ reason }) => reason === 'scheduled').length;
  if (scheduled <= 1 + forgotten) return [];
  return [
    { check: 'slots', at, what: `${target}: ${scheduled} scheduled probes were committed for due time ${number}` },
  ];
}

function tooManyInAll({ target, number, calls, commits }: Slot, at: number, forgotten: number): Violation[] {
  const committed = new Set(commits.map(({ grant }) => grant));
  const lost = new Set(calls.flatMap(({ permit }) => (permit.kind === 'lease' ? [permit.grant] : [])));
  for (const grant of committed) lost.delete(grant);
  const named = commits.filter(({ reason }) => reason !== 'scheduled' && reason !== 'fallback').length;
  const fallback = new Set(calls.filter(({ permit }) => permit.kind === 'fallback').map(({ place }) => place)).size;
  const besides = calls.filter(({ permit }) => permit.kind === 'unwatched' || permit.kind === 'lease-again').length;
  const most = Math.min(1 + named + lost.size, 2 * GUARD) + fallback + besides + forgotten;
  if (calls.length <= most) return [];
  const what = `${target}: ${calls.length} probes for due time ${number}, ${most} are explained`;
  return [{ check: 'slots', at, what }];
}

function fallbackTwice({ target, number, calls }: Slot, at: number): Violation[] {
  const places = calls.filter(({ permit }) => permit.kind === 'fallback').map(({ place }) => place);
  if (new Set(places).size === places.length) return [];
  return [{ check: 'slots', at, what: `${target}: a pod in fallback probed twice for due time ${number}` }];
}

/**
 * Calm weather: exactly one probe for each due time. Due times that the calm span holds only in part do not count, nor those
 * at which a busy machine kept the store from answering.
 */
export function checkCalm(history: History): Violation[] {
  const { targets, intervalMs } = beginOf(history);
  const calls = entriesOf(history, 'call');
  const slow = faultSpans(history).filter(({ fault }) => fault === 'store-slow');
  return entriesOf(history, 'calm').flatMap(({ from, to }) =>
    targets.flatMap(({ id }) => {
      const phaseMs = phaseOf(id) * intervalMs;
      const first = Math.ceil((from - phaseMs) / intervalMs);
      const last = Math.floor((to - phaseMs) / intervalMs) - 1;
      const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
      return numbers.flatMap((number) => {
        const startsAt = phaseMs + number * intervalMs;
        const around = { from: startsAt - intervalMs, to: startsAt + intervalMs };
        if (slow.some((span) => overlaps(span, around))) return [];
        const count = calls.filter(({ target, at }) => {
          return target === id && at >= startsAt && at < startsAt + intervalMs;
        }).length;
        if (count === 1) return [];
        return [{ check: 'calm', at: startsAt, what: `${id}: ${count} probes for a due time in calm weather` }];
      });
    }),
  );
}

function slotsOf(history: History): Slot[] {
  const { intervalMs } = beginOf(history);
  const spans = faultSpans(history);
  const grantedAt = grantTimes(history);
  const slots = new Map<string, Slot>();
  const slotAt = (target: string, storeMs: number): Slot => {
    const number = Math.floor((storeMs - phaseOf(target) * intervalMs) / intervalMs);
    const key = `${target} ${number}`;
    const slot = slots.get(key) ?? { target, number, calls: [], commits: [] };
    slots.set(key, slot);
    return slot;
  };
  for (const call of permittedCalls(history)) {
    const { target, at, permit } = call;
    // A probe belongs to the due time at which it was granted; without a grant, to that of its arrival.
    const granted = permit.kind === 'lease' ? grantedAt.get(`${target} ${permit.grant}`) : undefined;
    slotAt(target, granted ?? at + aheadAt(spans, at)).calls.push(call);
  }
  const known = new Set<string>();
  for (const commit of entriesOf(history, 'commit')) {
    const name = `${commit.target} ${commit.grant}`;
    // Evidence without a lease is known by no grant, and a record that is brought back repeats one.
    if (commit.grant === 0 || known.has(name)) continue;
    known.add(name);
    slotAt(commit.target, grantedAt.get(name) ?? commit.grant / 1_000).commits.push(commit);
  }
  return [...slots.values()];
}

/** The time of each grant by the store's clock: its first announcement, not a renewal. */
function grantTimes(history: History): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { target, grant, storeMs } of entriesOf(history, 'lease')) {
    const name = `${target} ${grant}`;
    if (!times.has(name)) times.set(name, storeMs);
  }
  return times;
}
