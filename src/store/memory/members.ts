import type { PodId, StoreTime } from '../../health/index.ts';
import type { HeartbeatAnswer, HeartbeatInput } from '../../ports/index.ts';
import {
  changeField,
  changeFrom,
  changeText,
  isChangeField,
  LONGEST_MEMBER,
  LONGEST_MEMBERSHIP_MS,
  MEMBERSHIP_FIELD,
  membershipFrom,
  membershipStateFrom,
  membershipStateText,
  membershipText,
  MOST_CHANGES,
  MOST_FIELDS,
  MOST_MEMBERS,
  TARGETS_FIELD,
  wholeMs,
  type MemberEntry,
  type MemberRow,
  type MembershipState,
} from '../format/index.ts';
import type { FleetState } from './state.ts';
import { listKnown, removeListsBut } from './target-lists.ts';

/** Extends a membership; removes garbage, expired members, and the target lists of no member. */
export function heartbeat(state: FleetState, now: StoreTime, input: HeartbeatInput): HeartbeatAnswer {
  const membership = beat(state, now, input);
  const asked = state.roster.ask();
  const digest = `${membership.at}-${membership.number}`;
  const pods = changedSince(state, membership, asked.digest);
  if (pods === undefined) {
    const rows = [...state.pods].map(([pod]) => rowOf(state, pod)).filter(([pod]) => !pod.startsWith('!'));
    state.roster.replace(asked, digest, rows);
  } else if (pods.length > 0) {
    state.roster.apply(
      asked,
      digest,
      pods.map((pod) => rowOf(state, pod)),
    );
  }
  return { members: state.roster.members, targets: listKnown(state, input.info.targetsHash) };
}

export function leave(state: FleetState, now: StoreTime, pod: PodId): null {
  const membership = membershipStateFrom(state.pods.get(MEMBERSHIP_FIELD));
  const found = state.pods.size;
  if (!state.pods.delete(pod) || membership === undefined) return null;
  membership.due = 0;
  membership.members = Math.max(0, membership.members - 1);
  noteChange(state, now, membership, pod);
  if (membership.fields === found) membership.fields = state.pods.size;
  state.pods.set(MEMBERSHIP_FIELD, membershipStateText(membership));
  return null;
}

function beat(state: FleetState, now: StoreTime, { info, ttlMs }: HeartbeatInput): MembershipState {
  const { pods } = state;
  const [till, json] = [now + wholeMs(ttlMs) * 1000, JSON.stringify(info)];
  const latest = Math.max(till, now + LONGEST_MEMBERSHIP_MS * 1000);
  if (pods.size > MOST_FIELDS) pods.clear();
  const found = pods.size;
  const kept = membershipStateFrom(pods.get(MEMBERSHIP_FIELD));
  const membership = kept ?? { at: now, number: 0, due: 0, fields: 0, members: 0 };
  if (kept === undefined) pods.set(MEMBERSHIP_FIELD, '');
  const said = membershipFrom(pods.get(info.pod) ?? '')?.json;
  const came = pods.has(info.pod) ? 0 : 1;
  pods.set(info.pod, membershipText({ until: till, json }));
  membership.members += came;
  if (said !== json) {
    noteChange(state, now, membership, info.pod);
    if (came === 0) membership.due = 0;
  }
  membership.due = Math.min(membership.due, till);
  const stranger = kept === undefined || membership.fields !== found;
  if (stranger || membership.due <= now || membership.due > latest) {
    readAll(state, { now, latest, self: info.pod }, membership);
  }
  membership.fields = pods.size;
  pods.set(MEMBERSHIP_FIELD, membershipStateText(membership));
  return membership;
}

/** Reads all members: removes expired ones and garbage, cuts memberships that are too long, notes the earliest end. */
function readAll(
  state: FleetState,
  { now, latest, self }: { now: StoreTime; latest: StoreTime; self: PodId },
  membership: MembershipState,
): void {
  const { pods } = state;
  const live: MemberEntry[] = [];
  const gone: PodId[] = [];
  let members = 0;
  membership.due = latest;
  for (const [field, text] of Array.from(pods)) {
    if (field.startsWith('!')) {
      const known = field.startsWith(TARGETS_FIELD) || field === MEMBERSHIP_FIELD || isChangeField(field);
      if (!known) pods.delete(field);
      continue;
    }
    members += 1;
    const member = liveMember(text, now);
    if (member === undefined || (live.length >= MOST_MEMBERS - 1 && field !== self)) gone.push(field);
    else {
      live.push(member);
      membership.due = Math.min(membership.due, member.until, latest);
      if (member.until > latest) pods.set(field, membershipText({ ...member, until: latest }));
    }
  }
  if (members !== membership.members || gone.length > MOST_CHANGES) {
    membership.number += MOST_CHANGES;
    noteChange(state, now, membership, self);
  } else for (const pod of gone.toSorted()) noteChange(state, now, membership, pod);
  membership.members = live.length;
  for (const pod of gone) pods.delete(pod);
  removeListsBut(state, live);
}

function liveMember(text: string, now: StoreTime): MemberEntry | undefined {
  const member = membershipFrom(text);
  return member === undefined || member.until <= now || member.json.length > LONGEST_MEMBER ? undefined : member;
}

function noteChange({ pods }: FleetState, now: StoreTime, membership: MembershipState, pod: PodId): void {
  membership.at = Math.max(membership.at + 1, now);
  membership.number += 1;
  pods.set(changeField(membership.number), changeText({ ...membership, pod }));
}

/** Pods of the changes since the digest, each once; `undefined` if not all of them are kept. */
function changedSince({ pods }: FleetState, membership: MembershipState, digest: string): readonly PodId[] | undefined {
  if (digest === `${membership.at}-${membership.number}`) return [];
  const [at = 0, number = 0] = digest.split('-').map(Number);
  if (number >= membership.number || membership.number - number >= MOST_CHANGES) return undefined;
  const changed = new Set<PodId>();
  for (let each = number; each <= membership.number; each += 1) {
    const change = changeFrom(pods.get(changeField(each)));
    if (change?.number !== each || (each === number && change.at !== at)) return undefined;
    if (each > number) changed.add(change.pod);
  }
  return [...changed];
}

function rowOf(state: FleetState, pod: PodId): MemberRow {
  const { json = '' } = membershipFrom(state.pods.get(pod) ?? '') ?? {};
  return [pod, json];
}
