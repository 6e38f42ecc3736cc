import type { Member } from '../member.ts';
import type { RouterConfig, RouterParts } from '../parts.ts';
import { standingOf } from '../standing.ts';
import type { Standing } from '../types.ts';
import type { PickContext } from '../strategies/strategy.ts';
import { orderOf } from './group.ts';
import type { Group } from './group.ts';
import { isAllowedByTags, tagRuleOf } from './tags.ts';

/** Conditions of one pick in a group. */
export interface Search {
  readonly standing: Standing;
  readonly tags: readonly string[];
  readonly tokens: number;
  readonly nowMs: number;
  /** Leaves out what lacks an endpoint. */
  readonly serves: ((deployment: string, model: string | undefined) => boolean) | undefined;
  /** The name that a wildcard group matched. */
  readonly model: string | undefined;
  /** Leaves out what the request has tried, or what the retry budget does not allow; undefined for all. */
  readonly accepts: ((member: Member) => boolean) | undefined;
}

/** `full`: those that there are have reached their own limits. */
export type Picked = Member | 'none' | 'full';

/**
 * One deployment of the group: of the lowest order that has an eligible one, by the strategy. Runs for every request: it
 * evaluates each deployment of the group once, and allocates nothing.
 */
export function pick(group: Group, search: Search, parts: RouterParts, config: RouterConfig): Picked {
  const { standing, tags, tokens, nowMs, accepts, serves, model } = search;
  const { settings } = config;
  const rule = tagRuleOf(group, tags, settings);
  const list = group.candidates;
  let count = 0;
  let full = 0;
  let order = NaN;
  for (const member of group.members) {
    if (count > 0 && orderOf(member) !== order) break;
    if (rule !== 'all' && !isAllowedByTags(member, rule, tags, settings)) continue;
    if (serves !== undefined && !serves(member.deployment.id, model)) continue;
    if (accepts !== undefined && !accepts(member)) continue;
    if (standingOf(member, parts, settings, nowMs) !== standing) continue;
    if (!parts.limits.admits(member, tokens, nowMs)) {
      full++;
      parts.limits.refused(member, tokens, nowMs);
      continue;
    }
    order = orderOf(member);
    list[count++] = member;
  }
  if (count === 0) return full === 0 ? 'none' : 'full';
  return chosen(list, count, parts, config, nowMs);
}

function chosen(
  list: readonly Member[],
  count: number,
  { random }: RouterParts,
  { pickOne, settings }: RouterConfig,
  nowMs: number,
): Picked {
  if (count === 1) return list[0] ?? 'none';
  const context: PickContext = { random, nowMs, latencyBuffer: settings.latencyBuffer };
  return list[pickOne({ list, count }, context)] ?? 'none';
}
