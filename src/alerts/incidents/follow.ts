import type { StoreTime } from '../../health/index.ts';
import type { IncidentSettings } from '../../ports/index.ts';
import { GONE_MS, sameItems } from './book.ts';
import type { AlertObservation, Condition, Inactive } from './condition.ts';
import type { AlertIncident, IncidentMember, MemberEnd } from './incident.ts';

export interface Following {
  readonly active: ReadonlyMap<string, Condition>;
  readonly observation: AlertObservation;
  readonly settings: IncidentSettings;
}

/** An open incident after an observation. */
export interface Followed {
  readonly incident: AlertIncident;
  /** State of the incident that a message is due about; its members are marked as in that message. */
  readonly update: AlertIncident | null;
}

/**
 * Follows an open incident. An update is due when some targets are up and others are not for the window; later, when a member
 * is down again that a message called up. Recoveries are announced at most once in the damping time.
 */
export function follow(before: AlertIncident, { active, observation, settings }: Following): Followed {
  const { now } = observation;
  const members = before.members.map((member) => {
    const condition = active.get(member.key);
    return condition === undefined
      ? inactiveMember(member, observation.inactive(member.key), now)
      : resumed(member, condition, now);
  });
  const kept = sameItems(before.members, members);
  const incident = kept === before.members ? before : { ...before, members: kept };
  if (!isUpdateDue(incident, settings, now)) return { incident, update: null };
  const update = { ...incident, updated: true, updatedAt: now };
  return { incident: { ...update, members: kept.map(afterMessage) }, update };
}

function isUpdateDue(incident: AlertIncident, { groupWindowMs, dampingMs }: IncidentSettings, now: StoreTime): boolean {
  const { members, updated, updatedAt } = incident;
  const isPast = (times: readonly StoreTime[], waitMs: number): boolean =>
    times.length > 0 && now >= Math.min(...times.map((time) => Math.min(time, now))) + waitMs * 1_000;
  if (members.every(({ endedAt }) => endedAt !== null)) return false;
  const again = members.flatMap(({ endedAt, againSince }) => (endedAt === null ? (againSince ?? []) : []));
  if (isPast(again, groupWindowMs)) return true;
  if (members.some(({ kind, endedAt }) => kind === 'target-down' && endedAt === null)) {
    const ends = members.flatMap(({ kind, endedAt, toldUp }) =>
      kind === 'target-down' && endedAt !== null && toldUp !== true ? [endedAt] : [],
    );
    const isQuiet = !updated || now >= Math.min(updatedAt ?? now, now) + dampingMs * 1_000;
    // An incident of an older version does not say what its one update announced.
    return isQuiet && (!updated || updatedAt !== undefined) && isPast(ends, groupWindowMs);
  }
  return false;
}

/** A member after a message that gives its present state. */
function afterMessage(member: IncidentMember): IncidentMember {
  const { againSince: _, toldUp: __, ...rest } = member;
  return member.endedAt === null ? rest : { ...rest, toldUp: true };
}

function resumed(member: IncidentMember, condition: Condition, now: StoreTime): IncidentMember {
  const isNews = wordsOf(condition.why) !== wordsOf(member.why);
  if (member.endedAt === null && member.goneSince === null && !isNews) return member;
  const back = { ...member, endedAt: null, end: null, goneSince: null, why: condition.why };
  return member.endedAt !== null && member.toldUp === true ? { ...back, againSince: now } : back;
}

/** Without its numbers: a count that grows is no news. */
function wordsOf(why: string): string {
  return why.replaceAll(/\d+/g, '');
}

function inactiveMember(member: IncidentMember, inactive: Inactive, now: StoreTime): IncidentMember {
  if (member.endedAt !== null) return member;
  const ended = (end: MemberEnd): IncidentMember => {
    const { againSince: _, ...rest } = member;
    return { ...rest, endedAt: now, end, goneSince: null };
  };
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
