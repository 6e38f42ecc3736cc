import type { OtherModel, OtherModels, OwnModel } from '../ports/index.ts';

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
  ours: readonly OwnModel[],
  unprobed: readonly OwnModel[] = [],
): Omit<OtherModels, 'seenAt'> {
  const ourIds = new Set([...ours, ...unprobed].flatMap(idsOf));
  const theirIds = new Set(listed.map(({ id }) => id));
  const unwatched = listed.filter(({ id }) => !ourIds.has(id));
  const foreign = ours
    .filter((one) => !idsOf(one).some((id) => theirIds.has(id)))
    .map(({ id, model }) => ({ id, model }));
  return {
    unwatchedCount: unwatched.length,
    unwatched: unwatched.slice(0, MOST),
    foreignCount: foreign.length,
    foreign: foreign.slice(0, MOST),
  };
}

function idsOf({ id, formerId }: OwnModel): readonly string[] {
  return formerId === undefined ? [id] : [id, formerId];
}
