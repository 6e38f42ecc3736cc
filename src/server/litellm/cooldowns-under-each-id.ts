import type { AllswellConfig } from '../../config/index.ts';
import type { CooldownOutcome, CooldownStore } from '../../ports/index.ts';

/** Former ids of deployments, by their ids. */
export type FormerIds = ReadonlyMap<string, string>;

export function formerIdsOf({ deployments, unprobed }: Pick<AllswellConfig, 'deployments' | 'unprobed'>): FormerIds {
  return new Map(
    [...deployments, ...unprobed].flatMap(({ modelId, formerModelId }) =>
      modelId === null || formerModelId === undefined ? [] : [[modelId, formerModelId]],
    ),
  );
}

/**
 * A store that reads and writes each deployment's cooldown under both of its ids: the current one, and the one that it has in
 * LiteLLM before 1.110, if that differs.
 */
export function underEachId(store: CooldownStore, formerIds: () => FormerIds): CooldownStore {
  return {
    read: async (modelIds) => {
      const former = formerIds();
      const answer = await store.read(allIds(modelIds, former));
      return answer.kind === 'ok' ? { kind: 'ok', value: byId(answer.value, modelIds, former, isOfLitellm) } : answer;
    },
    write: async ({ cooldowns, lifeMs, guards = [] }) => {
      const former = formerIds();
      const each = [...cooldowns].flatMap(([id, cooldown]) => idsOf(id, former).map((one) => [one, cooldown] as const));
      const eachGuard = guards.map(({ cools, leaves }) => ({
        cools: allIds(cools, former),
        leaves: leaves.map((ids) => allIds(ids, former)),
      }));
      const answer = await store.write({ cooldowns: new Map(each), lifeMs, guards: eachGuard });
      if (answer.kind !== 'ok') return answer;
      return { kind: 'ok', value: byId(answer.value, [...cooldowns.keys()], former, didSomething) };
    },
    close: async () => await store.close(),
  };
}

function idsOf(id: string, former: FormerIds): readonly string[] {
  const formerId = former.get(id);
  return formerId === undefined ? [id] : [id, formerId];
}

function allIds(ids: readonly string[], former: FormerIds): readonly string[] {
  return ids.flatMap((id) => idsOf(id, former));
}

/** One value per deployment: of the values under its ids the first for which `counts` is true, else the first one. */
function byId<T>(
  values: ReadonlyMap<string, T>,
  modelIds: readonly string[],
  former: FormerIds,
  counts: (value: T) => boolean,
): ReadonlyMap<string, T> {
  return new Map(
    modelIds.flatMap((id) => {
      const found = idsOf(id, former).flatMap((one) => values.get(one) ?? []);
      const value = found.find(counts) ?? found[0];
      return value === undefined ? [] : [[id, value] as const];
    }),
  );
}

/** A cooldown of LiteLLM is evidence; one of ours is not. */
function isOfLitellm({ by }: { readonly by: string }): boolean {
  return by === 'litellm';
}

function didSomething(outcome: CooldownOutcome): boolean {
  return outcome !== 'none';
}
