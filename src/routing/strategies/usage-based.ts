import type { Member } from '../member.ts';
import { lowest } from './lowest.ts';
import type { PickOne } from './strategy.ts';

/** `usage-based-routing-v2`: fewest tokens of the last minute, then fewest requests, by this pod's own count. */
export const usageBased: PickOne = (candidates, { random, nowMs }) =>
  lowest(candidates, random, (member) => use(member, nowMs) / member.share);

/** Requests decide only between equal numbers of tokens: a minute has far fewer than a million. */
function use({ tokens, requests }: Member, nowMs: number): number {
  return tokens.total(nowMs) + (requests.total(nowMs) + 1) * 1e-6;
}
