import type { OtherModel, OtherModels } from '../ports/index.ts';

/** Enough to see what they have in common. */
const MOST = 10;

/**
 * Compares results of LiteLLM's own with the rows of a publication, by `model_id`: that is how its routing finds a
 * deployment's row. Undefined where the text is none, or tells no ids.
 *
 * @example
 * otherModels(litellmsText, ours)?.unwatched // [{ model: 'openai/gpt-4o', id: '57cb…' }]: nobody probes it now
 */
export function otherModels(text: string, ours: readonly object[]): OtherModels | undefined {
  const theirs = rowsIn(text).flatMap(modelOf);
  if (theirs.length === 0) return undefined;
  const published = ours.flatMap(modelOf);
  const unwatched = without(theirs, published);
  const foreign = without(published, theirs);
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

/** The rows of both lists, of a document as LiteLLM writes it: JSON, in a JSON string or not. */
function rowsIn(text: string): readonly unknown[] {
  const document = parsed(text);
  const inner = typeof document === 'string' ? parsed(document) : document;
  if (typeof inner !== 'object' || inner === null) return [];
  const { healthy_endpoints: good, unhealthy_endpoints: bad } = inner as Readonly<Record<string, unknown>>;
  return [good, bad].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function modelOf(row: unknown): readonly OtherModel[] {
  if (typeof row !== 'object' || row === null) return [];
  const { model, model_id: id } = row as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id === '') return [];
  return [{ id: id.slice(0, 100), model: typeof model === 'string' ? model.slice(0, 100) : '' }];
}
