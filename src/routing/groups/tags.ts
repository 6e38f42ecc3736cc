import type { Member } from '../member.ts';
import type { RoutingSettings } from '../types.ts';
import type { Group } from './group.ts';

/** Tag of deployments for requests that no other deployment has the tags of. */
const DEFAULT = 'default';

/** Deployments of a group that a request may use, by tags. */
export type TagRule = 'all' | 'matching' | 'default' | 'none';

/**
 * As LiteLLM: a request with tags goes to deployments that match, else to those with the tag `default`, else to none; one
 * without tags goes to those with the tag `default`, else to all.
 */
export function tagRuleOf(group: Group, tags: readonly string[], { tagFiltering }: RoutingSettings): TagRule {
  if (tagFiltering === 'off') return 'all';
  if (tags.length > 0 && group.members.some((member) => matchesTags(member, tags, tagFiltering))) return 'matching';
  if (group.members.some(isDefault)) return 'default';
  return tags.length > 0 ? 'none' : 'all';
}

/** True if the rule lets the request use the deployment. */
export function isAllowedByTags(
  member: Member,
  rule: TagRule,
  tags: readonly string[],
  { tagFiltering }: RoutingSettings,
): boolean {
  switch (rule) {
    case 'all':
      return true;
    case 'matching':
      return matchesTags(member, tags, tagFiltering);
    case 'default':
      return isDefault(member);
    case 'none':
      return false;
  }
}

/** True if a request with these tags may use the deployment of the group. */
export function isTagged(group: Group, member: Member, tags: readonly string[], settings: RoutingSettings): boolean {
  return isAllowedByTags(member, tagRuleOf(group, tags, settings), tags, settings);
}

function matchesTags({ deployment }: Member, tags: readonly string[], how: RoutingSettings['tagFiltering']): boolean {
  const has = (tag: string): boolean => deployment.tags.includes(tag);
  return deployment.tags.length > 0 && (how === 'match-any' ? tags.some(has) : tags.every(has));
}

function isDefault({ deployment }: Member): boolean {
  return deployment.tags.includes(DEFAULT);
}
