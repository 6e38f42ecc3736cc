import type { OtherModel, OtherModels } from '../ports/index.ts';

/** Enough names to recognise what they have in common. */
const MOST = 10;

/**
 * Compares deployments by LiteLLM's id, because LiteLLM's routing finds rows by it.
 *
 * @example
 * otherModels([{ id: '57cb', model: 'openai/a' }], []).unwatched // [{ id: '57cb', model: 'openai/a' }]
 * Deployments that are not probed are known: they are no difference.
 */
export function otherModels(
  listed: readonly OtherModel[],
  ours: readonly OtherModel[],
  unprobed: readonly OtherModel[] = [],
): Omit<OtherModels, 'seenAt'> {
  const unwatched = without(listed, [...ours, ...unprobed]);
  const foreign = without(ours, listed);
  return {
    unwatchedCount: unwatched.length,
    unwatched: unwatched.slice(0, MOST),
    foreignCount: foreign.length,
    foreign: foreign.slice(0, MOST),
  };
}

function without(models: readonly OtherModel[], others: readonly OtherModel[]): readonly OtherModel[] {
  const ids = new Set(others.map(({ id }) => id));
  return models.filter(({ id }) => !ids.has(id));
}
