import type { StoreTime } from '../../health/index.ts';
import { MAX_UNABLE } from '../../ports/index.ts';
import type { MemberInfo } from '../../ports/index.ts';
import { stampFrom } from './stamps.ts';

/** Longest believable membership: an `until` beyond it is cut, so that a planted or stepped-back time cannot stay. */
export const LONGEST_MEMBERSHIP_MS = 60_000;

export interface Membership {
  readonly until: StoreTime;
  readonly json: string;
}

/** `<until us> <json>`. */
export function membershipText(membership: Membership): string {
  return `${membership.until} ${membership.json}`;
}

/** Reads the part that scripts read; `undefined` is garbage and is removed. */
export function membershipFrom(text: string): Membership | undefined {
  const match = /^(\d{1,16}) (\{.*\})$/s.exec(text);
  const until = stampFrom(match?.[1]);
  return until === undefined ? undefined : { until, json: match?.[2] ?? '' };
}

/** What a member says of itself; `undefined` when it is not a member's JSON, or another pod's. */
export function memberFrom(pod: string, json: string): MemberInfo | undefined {
  let info: Partial<MemberInfo> | null;
  try {
    info = JSON.parse(json) as Partial<MemberInfo> | null;
  } catch {
    return undefined;
  }
  if (typeof info !== 'object' || info === null || info.pod !== pod) return undefined;
  const texts = [info.version, info.policyPrint, info.targetsPrint];
  if (!texts.every((text) => typeof text === 'string')) return undefined;
  if (typeof info.startedAt !== 'number' || typeof info.impaired !== 'boolean') return undefined;
  return isPlaced(info) ? (info as MemberInfo) : undefined;
}

function isPlaced({ host, domain, blind, doubts }: Partial<MemberInfo>): boolean {
  if (![host, domain].every((text) => typeof text === 'string' && text.length <= 128)) return false;
  return [blind, doubts].every((ids) => {
    return Array.isArray(ids) && ids.length <= MAX_UNABLE && ids.every((id) => typeof id === 'string');
  });
}

/** Members in one order everywhere: by pod id. */
export function byPod(a: MemberInfo, b: MemberInfo): number {
  if (a.pod === b.pod) return 0;
  return a.pod < b.pod ? -1 : 1;
}
