import type { OtherModel, OtherModels } from '../ports/index.ts';
import { rowsOf } from './their-results.ts';

/** Enough to see what they have in common. */
const MOST = 10;

/** The deployments in results of LiteLLM's own, as far as the text has any with an id. */
export function modelsIn(text: string): readonly OtherModel[] {
  return rowsOf(text).flatMap(modelOf);
}

/**
 * Compares deployments by LiteLLM's id: that is how its routing finds the row of one.
 *
 * @example
 * otherModels([{ id: '57cb', model: 'openai/a' }], []).unwatched // [{ id: '57cb', model: 'openai/a' }]
 */
export function otherModels(theirs: readonly OtherModel[], ours: readonly OtherModel[]): Omit<OtherModels, 'seenAt'> {
  const unwatched = without(theirs, ours);
  const foreign = without(ours, theirs);
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

function modelOf(row: unknown): readonly OtherModel[] {
  if (typeof row !== 'object' || row === null) return [];
  const { model, model_id: id } = row as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id === '') return [];
  return [{ id: id.slice(0, 100), model: typeof model === 'string' ? model.slice(0, 100) : '' }];
}
