import { targetNames } from '../api/index.ts';
import type { TargetNames } from '../api/index.ts';
import { detailAnswer } from '../http/index.ts';
import type { TargetId } from '../health/index.ts';
import type { AdminConfig } from './admin-options.ts';

/** What a person may mean by one word. */
export type FoundTarget =
  | { readonly kind: 'one'; readonly id: TargetId }
  | { readonly kind: 'none' }
  /** `candidates`: for each id a word that means it alone. */
  | { readonly kind: 'several'; readonly ids: readonly TargetId[]; readonly candidates: readonly string[] };

type Listing = Pick<AdminConfig, 'targets' | 'deployments'>;

/** A target by its id, by the id of a deployment, or by a name: see {@link targetNames}. */
export function findTarget(listing: Listing, word: string): FoundTarget {
  const names = namesOf(listing);
  const ids = names.find(word);
  const [id] = ids;
  if (id === undefined) return { kind: 'none' };
  if (ids.length === 1) return { kind: 'one', id };
  return { kind: 'several', ids, candidates: ids.map((one) => names.wordFor(one)) };
}

/** The answer about a word that means several targets. */
export function severalFound({ ids, candidates }: Extract<FoundTarget, { kind: 'several' }>): Response {
  return detailAnswer(409, { error: 'Several targets have this name', targets: ids, candidates });
}

const known = new WeakMap<Listing['targets'], TargetNames>();

/** A reload brings another list. */
function namesOf({ targets, deployments }: Listing): TargetNames {
  const before = known.get(targets);
  if (before !== undefined) return before;
  const byTarget = Map.groupBy(deployments, ({ targetId }) => targetId);
  const names = targetNames(
    targets.map(({ id, name, host, region }) => ({
      target: id,
      model: name,
      deployments: (byTarget.get(id) ?? []).map(({ modelName, modelId, formerModelId, model }) => {
        return { model_name: modelName, model_id: modelId, former_id: formerModelId, model };
      }),
      upstream_host: host,
      region: region ?? null,
    })),
  );
  known.set(targets, names);
  return names;
}
