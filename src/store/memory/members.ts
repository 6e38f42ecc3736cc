import type { PodId, StoreTime } from '../../health/index.ts';
import type { HeartbeatAnswer, HeartbeatInput, MemberInfo } from '../../ports/index.ts';
import {
  byPod,
  LONGEST_MEMBERSHIP_MS,
  memberFrom,
  membershipFrom,
  membershipText,
  TARGETS_FIELD,
  wholeMs,
  type Membership,
} from '../format/index.ts';
import type { FleetState } from './state.ts';
import { listKnown, removeListsBut } from './target-lists.ts';

/** Keeps live members, drops garbage, the dead, and the target lists that nobody shows any more. */
export function heartbeat(state: FleetState, now: StoreTime, input: HeartbeatInput): HeartbeatAnswer {
  const ttlMs = wholeMs(input.ttlMs);
  const self = { until: now + ttlMs * 1000, json: JSON.stringify(input.info) };
  state.pods.set(input.info.pod, membershipText(self));
  const latest = now + Math.max(ttlMs, LONGEST_MEMBERSHIP_MS) * 1000;
  const live = new Map<string, Membership>();
  for (const [pod, text] of state.pods) {
    if (pod.startsWith(TARGETS_FIELD)) continue;
    const membership = membershipFrom(text);
    if (membership === undefined || membership.until <= now) state.pods.delete(pod);
    else live.set(pod, membership);
    if (membership !== undefined && membership.until > latest) {
      state.pods.set(pod, membershipText({ ...membership, until: latest }));
    }
  }
  removeListsBut(state, [...live.values()]);
  const members = [...live].map(([pod, { json }]) => memberFrom(pod, json));
  return {
    members: members.filter((member): member is MemberInfo => member !== undefined).toSorted(byPod),
    targets: listKnown(state, input.info.targetsPrint),
  };
}

export function leave(state: FleetState, pod: PodId): null {
  state.pods.delete(pod);
  return null;
}
