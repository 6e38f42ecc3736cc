import { targetNames } from '../../api/index.ts';
import type { NameableTarget } from '../../api/index.ts';

/** Public names of the deployments that share a target, each once. */
export function groupsOf(deployments: readonly { readonly model_name: string }[]): readonly string[] {
  return [...new Set(deployments.map(({ model_name: name }) => name))];
}

/**
 * A target in lines for people: the groups that use it, and the upstream's model.
 *
 * @example
 * targetName('openai/up-a', ['chat-a', 'chat-b']) // 'chat-a, chat-b (openai/up-a)'
 */
export function targetName(model: string, groups: readonly string[]): string {
  return groups.length === 0 ? model : `${groups.join(', ')} (${model})`;
}

/**
 * Host of the upstream and region, as far as they are known.
 *
 * @example
 * placeText({ upstream_host: 'eu.example', region: 'eu-west-1' }) // 'eu.example eu-west-1'
 */
export function placeText({ upstream_host: host, region }: Pick<NameableTarget, 'upstream_host' | 'region'>): string {
  return [host, region].filter((part) => part !== undefined && part !== null && part !== '').join(' ');
}

/** Names of targets in sentences, and words for them in commands. */
export interface TargetTexts {
  /** Groups and model; with host and region where another target has the same groups and model. */
  nameOf(target: NameableTarget): string;
  /** What to type after `allswell explain` and other verbs. */
  wordFor(target: string): string;
}

/** Names of the targets of one page. */
export function targetTexts(targets: readonly NameableTarget[]): TargetTexts {
  const counts = new Map<string, number>();
  const short = ({ target, model, deployments }: NameableTarget): string =>
    targetName(model ?? target, groupsOf(deployments));
  for (const one of targets) counts.set(short(one), (counts.get(short(one)) ?? 0) + 1);
  const names = targetNames(targets);
  return {
    nameOf: (one) => {
      const [name, place] = [short(one), placeText(one)];
      if ((counts.get(name) ?? 0) < 2 || place === '') return name;
      return name.endsWith(')') ? `${name.slice(0, -1)} at ${place})` : `${name} (at ${place})`;
    },
    wordFor: (target) => names.wordFor(target),
  };
}
