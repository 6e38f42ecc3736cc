import type { StoreTime } from '../../health/index.ts';
import { GONE_MS, MOST_CONDITIONS, MOST_OUTGOING } from './book.ts';
import type { AlertBook, Outgoing, Pending } from './book.ts';
import type { AlertIncident, IncidentMember, MemberEnd } from './incident.ts';
import { alertKinds } from '../../ports/index.ts';
import type { AlertKind, IncidentSettings } from '../../ports/index.ts';
import type { Condition, Inactive, AlertObservation } from './condition.ts';
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
 * The book after an observation, with the messages that it causes. Pure. Each incident causes one trigger, at most one update,
 * and one resolve, in this order. Returns the same object if nothing changed.
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
    ...still.flatMap(({ incident, tells }) => (tells ? [outgoing(incident, 'update', now)] : [])),
    ...over.map((incident) => outgoing(incident, 'resolve', now)),
    ...opened.map((incident) => outgoing(incident, 'trigger', now)),
  ].filter((one) => one.pending.length > 0);
  const told = new Set(opened.flatMap(({ members }) => members.map(({ key }) => key)));
  const next: AlertBook = {
    opened: book.opened + opened.length,
    pending: same(
      book.pending,
      pending.filter(({ key }) => !told.has(key)),
    ),
    incidents: same(book.incidents, [...still.map(({ incident }) => incident), ...opened]),
    ended: same(book.ended, ended),
    deliveries: book.deliveries,
    outbox: messages.length === 0 ? book.outbox : [...book.outbox, ...messages].slice(-MOST_OUTGOING),
  };
  const changed = (Object.keys(next) as (keyof AlertBook)[]).some((key) => next[key] !== book[key]);
  return changed ? next : book;
}

/** The list before, if it has the same items. */
function same<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && before.every((one, at) => one === after[at]) ? before : after;
}

function outgoing(incident: AlertIncident, action: Exclude<NoticeAction, 'test'>, now: StoreTime): Outgoing {
  return { notice: noticeOf(incident, action, now), pending: incident.receivers };
}

interface Following {
  readonly active: ReadonlyMap<string, Condition>;
  readonly observation: AlertObservation;
  readonly settings: IncidentSettings;
}

/** An open incident after an observation. `tells`: a message that some members ended is due. */
function follow(
  before: AlertIncident,
  { active, observation, settings }: Following,
): { incident: AlertIncident; tells: boolean } {
  const { now } = observation;
  const members = before.members.map((member) =>
    active.has(member.key) ? resumed(member) : inactiveMember(member, observation.inactive(member.key), now),
  );
  const incident = { ...before, members: same(before.members, members) };
  const targets = incident.members.filter(({ kind }) => kind === 'target-down');
  const ends = targets.flatMap(({ endedAt }) => (endedAt === null ? [] : [Math.min(endedAt, now)]));
  const partly = ends.length > 0 && ends.length < targets.length;
  if (!before.updated && partly && now >= Math.min(...ends) + settings.groupWindowMs * 1_000) {
    return { incident: { ...incident, updated: true }, tells: true };
  }
  return { incident: incident.members === before.members ? before : incident, tells: false };
}

function resumed(member: IncidentMember): IncidentMember {
  if (member.endedAt === null && member.goneSince === null) return member;
  return { ...member, endedAt: null, end: null, goneSince: null };
}

function inactiveMember(member: IncidentMember, inactive: Inactive, now: StoreTime): IncidentMember {
  if (member.endedAt !== null) return member;
  const ended = (end: MemberEnd): IncidentMember => ({ ...member, endedAt: now, end, goneSince: null });
  switch (inactive) {
    case 'clear':
      return ended('up');
    case 'quiet':
      return ended('held');
    case 'unknown':
      return member.goneSince === null ? member : { ...member, goneSince: null };
    case 'gone': {
      const since = Math.min(member.goneSince ?? now, now);
      if (now >= since + GONE_MS * 1_000) return ended('removed');
      return member.goneSince === since ? member : { ...member, goneSince: since };
    }
  }
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
  const active = new Set(observation.active.map(({ key }) => key));
  const ripe = pending
    .filter(({ key }) => active.has(key))
    .map((one) => ({ one, at: ripeAt(one, settings, now) }))
    .filter(({ at }) => at <= now);
  const places = Map.groupBy(ripe, ({ one }) => one.place);
  const opened = [...places].flatMap(([place, conditions]) => {
    const first = Math.min(...conditions.map(({ at }) => at));
    if (now < first + settings.groupWindowMs * 1_000) return [];
    const members = conditions.map(({ one }) => memberOf(one));
    const receivers = receiversOf(members.map(({ kind }) => kind));
    return [{ place, openedAt: now, members, receivers, updated: false }];
  });
  return opened.map((one, at) => ({
    ...one,
    id: `${now.toString(36)}-${(count + at).toString(36)}-${slug(one.place)}`,
  }));
}

/** When a condition counts: at once, or once it has lasted long enough. */
function ripeAt(
  { firstSeen, since, flaps }: Pending,
  { forMs, dampingMs }: IncidentSettings,
  now: StoreTime,
): StoreTime {
  const waitMs = flaps ? Math.max(forMs, dampingMs) : forMs;
  const seen = Math.min(firstSeen, now);
  // A condition that flaps is dated by what was observed: its evidence may be of before its end.
  const start = flaps ? seen : Math.min(since ?? seen, seen);
  return Math.max(seen, start + waitMs * 1_000);
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
