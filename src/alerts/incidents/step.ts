import type { StoreTime } from '../../health/index.ts';
import { MOST_CONDITIONS, sameItems } from './book.ts';
import type { AlertBook, Outgoing, Pending } from './book.ts';
import type { AlertIncident, IncidentMember } from './incident.ts';
import { alertKinds } from '../../ports/index.ts';
import type { AlertKind, IncidentSettings } from '../../ports/index.ts';
import type { Condition, AlertObservation } from './condition.ts';
import { follow } from './follow.ts';
import { asWhilePaused } from './paused.ts';
import { noticeOf } from './notice.ts';
import type { NoticeAction } from './notice.ts';

export interface StepInput {
  readonly observation: AlertObservation;
  readonly settings: IncidentSettings;
  /** Receivers of alerts of these kinds. */
  readonly receiversOf: (kinds: readonly AlertKind[]) => readonly string[];
}

/**
 * The book after an observation, with the messages that it causes. Pure. Each incident causes one trigger, then
 * updates, and one resolve. Returns the same object if nothing changed.
 */
export function step(book: AlertBook, given: StepInput): AlertBook {
  const input = { ...given, observation: asWhilePaused(book, given.observation) };
  const { observation, settings } = input;
  const { now } = observation;
  const active = new Map(
    severestFirst(observation.active)
      .slice(0, MOST_CONDITIONS)
      .map((one) => [one.key, one]),
  );
  const followed = book.incidents.map((incident) => follow(incident, { active, observation, settings }));
  const still = followed.filter(({ incident }) => incident.members.some(({ endedAt }) => endedAt === null));
  const over = followed.filter((one) => !still.includes(one)).map(({ incident }) => incident);
  const inIncidents = new Set(still.flatMap(({ incident }) => incident.members.map(({ key }) => key)));
  const ended = endedNow(book, over, { now, dampingMs: settings.dampingMs });
  const pending = pendingNow({ ...book, ended }, active, { inIncidents, observation });
  const opened = open(pending, { ...input, count: book.opened });
  const messages: Outgoing[] = [
    ...still.flatMap(({ update }) => (update === null ? [] : [outgoing(update, 'update', now)])),
    ...over.map((incident) => outgoing(incident, 'resolve', now)),
    ...opened.map((incident) => outgoing(incident, 'trigger', now)),
  ].filter((one) => one.pending.length > 0);
  const told = new Set(opened.flatMap(({ members }) => members.map(({ key }) => key)));
  const next: AlertBook = {
    opened: book.opened + opened.length,
    pending: sameItems(
      book.pending,
      pending.filter(({ key }) => !told.has(key)),
    ),
    incidents: sameItems(book.incidents, [...still.map(({ incident }) => incident), ...opened]),
    ended: sameItems(book.ended, ended),
    deliveries: book.deliveries,
    outbox: messages.length === 0 ? book.outbox : [...book.outbox, ...messages],
  };
  const changed = (Object.keys(next) as (keyof AlertBook)[]).some((key) => next[key] !== book[key]);
  return changed ? next : book;
}

function outgoing(incident: AlertIncident, action: Exclude<NoticeAction, 'test'>, now: StoreTime): Outgoing {
  return { notice: noticeOf(incident, action, now), pending: incident.receivers };
}

/** Ends of the damping time: those of members that are up again. */
function endedNow(
  book: AlertBook,
  over: readonly AlertIncident[],
  { now, dampingMs }: { readonly now: StoreTime; readonly dampingMs: number },
): AlertBook['ended'] {
  const fresh = over.flatMap(({ members }) =>
    members.flatMap(({ key, end, endedAt }) => (end === 'up' && endedAt !== null ? [{ key, at: endedAt }] : [])),
  );
  const keys = new Set(fresh.map(({ key }) => key));
  const kept = book.ended.filter(({ key, at }) => !keys.has(key) && now < at + dampingMs * 1_000);
  return [...kept, ...fresh].slice(-MOST_CONDITIONS);
}

function pendingNow(
  book: AlertBook,
  active: ReadonlyMap<string, Condition>,
  { inIncidents, observation }: { readonly inIncidents: ReadonlySet<string>; readonly observation: AlertObservation },
): readonly Pending[] {
  const { now } = observation;
  const kept = book.pending.filter(
    ({ key }) => !inIncidents.has(key) && (active.has(key) || observation.inactive(key) === 'unknown'),
  );
  const known = new Set([...inIncidents, ...kept.map(({ key }) => key)]);
  const ended = new Set(book.ended.map(({ key }) => key));
  const fresh = [...active.values()].filter(({ key }) => !known.has(key));
  const seen = fresh.map((one) => ({ ...one, firstSeen: now, flaps: ended.has(one.key) }));
  return severestFirst([...kept, ...seen]).slice(0, MOST_CONDITIONS);
}

/** So that what is cut is the least severe. */
function severestFirst<T extends Condition>(conditions: readonly T[]): readonly T[] {
  return conditions.toSorted((a, b) => alertKinds.indexOf(a.kind) - alertKinds.indexOf(b.kind));
}

/** Opens an incident for each place whose window has passed. */
function open(pending: readonly Pending[], input: StepInput & { readonly count: number }): readonly AlertIncident[] {
  const { observation, settings, receiversOf, count } = input;
  const { now } = observation;
  const active = new Map(observation.active.map((one) => [one.key, one]));
  // The reason as it is now: by the time of the message more pods may have confirmed it.
  const seen = pending.flatMap((one) => {
    const condition = active.get(one.key);
    return condition === undefined ? [] : [{ ...one, why: condition.why }];
  });
  const opened = [...Map.groupBy(seen, ({ place }) => place)].flatMap(([place, conditions]) => {
    const ripe = ripeOf(conditions, settings, now);
    const first = Math.min(...ripe.map(({ at }) => at));
    if (ripe.length === 0 || now < first + settings.groupWindowMs * 1_000) return [];
    const members = ripe.map(({ one }) => memberOf(one));
    const receivers = receiversOf(members.map(({ kind }) => kind));
    return [{ place, openedAt: now, members, receivers, updated: false }];
  });
  return opened.map((one, at) => ({
    ...one,
    id: `${now.toString(36)}-${(count + at).toString(36)}-${slug(one.place)}`,
  }));
}

interface Ripe {
  readonly one: Pending;
  readonly at: StoreTime;
}

/** The conditions of a place that count. What went down with a group without a routable deployment is not held back either. */
function ripeOf(conditions: readonly Pending[], settings: IncidentSettings, now: StoreTime): readonly Ripe[] {
  const ripe = (times: IncidentSettings): readonly Ripe[] =>
    conditions.map((one) => ({ one, at: ripeAt(one, times, now) })).filter(({ at }) => at <= now);
  const counted = ripe(settings);
  return counted.some(({ one }) => one.kind === 'group-down') ? ripe({ ...settings, dampingMs: 0 }) : counted;
}

/** When a condition counts: at once, or once it has lasted long enough. Damping holds no group back. */
function ripeAt(
  { kind, firstSeen, since, flaps }: Pending,
  { forMs, dampingMs }: IncidentSettings,
  now: StoreTime,
): StoreTime {
  const waitMs = flaps && kind !== 'group-down' ? Math.max(forMs, dampingMs) : forMs;
  const seen = Math.min(firstSeen, now);
  // A condition that flaps is dated by what was observed: its evidence may be of before its end.
  const start = flaps ? seen : Math.min(since ?? seen, seen);
  return Math.max(seen, start + waitMs * 1_000);
}

/** A condition that damping holds back. */
export interface HeldBack {
  readonly kind: AlertKind;
  readonly label: string;
  readonly since: StoreTime;
  /** When it will be reported if it lasts. */
  readonly until: StoreTime;
}

/** What damping holds back. */
export function heldBack({ pending }: AlertBook, settings: IncidentSettings): readonly HeldBack[] {
  return pending.flatMap((one) => {
    const { kind, label, firstSeen, flaps } = one;
    if (!flaps || kind === 'group-down' || settings.dampingMs <= settings.forMs) return [];
    const until = ripeAt(one, settings, firstSeen) + settings.groupWindowMs * 1_000;
    return [{ kind, label, since: firstSeen, until }];
  });
}

function memberOf({ key, kind, label, since, why, firstSeen }: Pending): IncidentMember {
  return { key, kind, label, since: since ?? firstSeen, why, endedAt: null, end: null, goneSince: null };
}

function slug(place: string): string {
  return place
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
}
