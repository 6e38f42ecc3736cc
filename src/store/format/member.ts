import { parseJson } from '../../health/index.ts';
import type { StoreTime, TargetId } from '../../health/index.ts';
import { ALL_TARGETS, MAX_UNABLE } from '../../ports/index.ts';
import type { MemberInfo, MemberLag } from '../../ports/index.ts';
import { isPodId, isTargetId } from './names.ts';
import { stampFrom } from './stamps.ts';

/** Longest membership. A later `until` is cut, so that a forged one, or one from before a clock step, ends. */
export const LONGEST_MEMBERSHIP_MS = 60_000;

export interface MemberEntry {
  readonly until: StoreTime;
  readonly json: string;
}

/** Text `<until us> <json>`. */
export function membershipText(membership: MemberEntry): string {
  return `${membership.until} ${membership.json}`;
}

/** Parses the part that scripts read; `undefined` for garbage, which is removed. */
export function membershipFrom(text: string): MemberEntry | undefined {
  const match = /^(\d{1,16}) (\{.*\})$/s.exec(text);
  const until = stampFrom(match?.[1]);
  return until === undefined ? undefined : { until, json: match?.[2] ?? '' };
}

/** Longest JSON of a member, in characters: more than one with the most and longest target ids needs. */
export const LONGEST_MEMBER = 40_000;
const LONGEST_TEXT = 128;
/** The year 2255, ms. Later starts cannot be shown as dates everywhere. */
const LATEST_START_MS = 9_000_000_000_000;
/** A week, after which a fleet's keys expire. */
const LONGEST_LAG_S = 604_800;

/** Parses a member's JSON; `undefined` if it is not valid, too long, or another pod's. */
export function memberFrom(pod: string, json: string): MemberInfo | undefined {
  if (json.length > LONGEST_MEMBER || !isPodId(pod)) return undefined;
  const info = parseJson(json) as Partial<MemberInfo> | null | undefined;
  if (typeof info !== 'object' || info === null || info.pod !== pod) return undefined;
  const { version, policyHash, targetsHash, startedAt, impaired } = info;
  if (!isShort(version) || !isShort(policyHash) || !isShort(targetsHash)) return undefined;
  if (!isStart(startedAt) || typeof impaired !== 'boolean') return undefined;
  // Older versions do not write the other fields.
  const { host = pod, domain = host, blind = [], unreached = [] } = info;
  if (!isLocation(host) || !isLocation(domain) || !isUnable(blind) || !isUnable(unreached)) return undefined;
  const { name } = info;
  const lag = lagFrom(info.lag);
  const hashes = { ...(isName(name) && { name }), policyHash, targetsHash };
  const known = { pod, version, ...hashes, startedAt: Math.floor(startedAt), impaired, host, domain, blind, unreached };
  return { ...known, ...(lag !== undefined && { lag }) };
}

/** A lag that is not one is left out: nothing depends on it. */
function lagFrom(lag: unknown): MemberLag | undefined {
  if (typeof lag !== 'object' || lag === null) return undefined;
  const { seconds, since } = lag as Partial<MemberLag>;
  if (typeof seconds !== 'number' || seconds < 0 || seconds > LONGEST_LAG_S || !isStart(since)) return undefined;
  return { seconds, since: Math.floor(since) };
}

function isShort(text: unknown): text is string {
  return typeof text === 'string' && text.length <= LONGEST_TEXT;
}

/** A name that is not one is left out: nothing depends on it. */
function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w.-]{1,64}$/.test(name);
}

function isStart(startedAt: unknown): startedAt is number {
  return typeof startedAt === 'number' && startedAt >= 0 && startedAt <= LATEST_START_MS;
}

/** A valid host or domain. The host may be the pod id. */
function isLocation(name: unknown): name is string {
  return typeof name === 'string' && isPodId(name);
}

function isUnable(ids: unknown): ids is readonly TargetId[] {
  if (!Array.isArray(ids) || ids.length > MAX_UNABLE) return false;
  return ids.every((id) => typeof id === 'string' && (id === ALL_TARGETS || isTargetId(id)));
}

/** Sorts members by pod id, so that all pods have the same order. */
export function byPod(a: MemberInfo, b: MemberInfo): number {
  if (a.pod === b.pod) return 0;
  return a.pod < b.pod ? -1 : 1;
}
