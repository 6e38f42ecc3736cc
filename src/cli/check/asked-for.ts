import type { ListedTarget } from './source.ts';

export type AskedFor =
  | { readonly kind: 'targets'; readonly targets: readonly ListedTarget[] }
  | { readonly kind: 'nothing'; readonly why: string };

/** The targets that words mean: a model group, an upstream's own name, or an id of a deployment or target. */
export function askedFor(targets: readonly ListedTarget[], words: readonly string[]): AskedFor {
  if (targets.length === 0) return { kind: 'nothing', why: 'No models to check: the model list is empty.' };
  if (words.length === 0) return { kind: 'targets', targets };
  const unknown = words.filter((word) => !targets.some((target) => isMeant(target, word)));
  if (unknown.length > 0) {
    const names = new Set(targets.flatMap(({ deployments }) => deployments.map(({ model_name: name }) => name)));
    return { kind: 'nothing', why: `Unknown model: ${unknown.join(', ')}. Known models: ${[...names].join(', ')}` };
  }
  return { kind: 'targets', targets: targets.filter((target) => words.some((word) => isMeant(target, word))) };
}

function isMeant({ target, model, deployments }: ListedTarget, word: string): boolean {
  if (target === word || model === word) return true;
  return deployments.some(({ model_name: name, model_id: id }) => name === word || id === word);
}
