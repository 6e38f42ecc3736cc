import type { Cooldown, CooldownOutcome, FoundCooldown, WriteCooldowns } from '../../../ports/index.ts';
import type { Client } from '../client/client.ts';
import { cooldownKeysOf, readCooldownKeys } from './cooldown-keys.ts';
import { writeCooldowns } from './write-cooldowns.ts';

/**
 * Writes and ends cooldowns on Redis Cluster, where no command sees the keys of two deployments. So a new cooldown is announced by a
 * text that LiteLLM ignores, then the guards are checked, and only then it is written. Of two fleets that announce at
 * once, at least one finds the announcement of the other. Both may; then both try again.
 */
export async function writeOnCluster(
  client: Client,
  { cooldowns, lifeMs, guards = [] }: WriteCooldowns,
  namespace: string | null,
): Promise<ReadonlyMap<string, CooldownOutcome>> {
  const write = async (some: ReadonlyMap<string, Cooldown | null>) =>
    await writeCooldowns(client, { cooldowns: some, lifeMs }, namespace);
  const guarded = new Set(guards.flatMap(({ cools }) => cools));
  const planned = [...cooldowns].flatMap(([id, cooldown]) =>
    cooldown !== null && guarded.has(id) ? [[id, cooldown] as const] : [],
  );
  const find = async (ids: Iterable<string>) => await foundIn(client, new Set(ids), namespace);
  const before = await find(planned.map(([id]) => id));
  const fresh = planned.filter(([id]) => !before.has(id));
  await write(new Map(fresh.map(([id, cooldown]) => [id, { ...cooldown, ...PAST }])));
  const left = await find(guards.flatMap(({ leaves }) => leaves.flat()));
  const now = planned[0]?.[1].atSeconds ?? 0;
  const isCooled = (id: string): boolean => left.get(id)?.some((one) => isInForce(one, now)) === true;
  const refused = new Set(
    guards.flatMap(({ cools, leaves }) => (leaves.every((ids) => ids.some(isCooled)) ? cools : [])),
  );
  const announced = new Set(fresh.map(([id]) => id));
  const outcomes = await write(
    new Map(
      [...cooldowns].flatMap(([id, cooldown]) => {
        if (cooldown === null || !refused.has(id)) return [[id, cooldown] as const];
        return announced.has(id) ? [[id, null] as const] : [];
      }),
    ),
  );
  return new Map(
    [...cooldowns].map(([id, cooldown]) => {
      const isRefused = cooldown !== null && refused.has(id);
      return [id, isRefused ? 'last' : (outcomes.get(id) ?? 'none')] as const;
    }),
  );
}

/** Whatever the clock of a LiteLLM pod says, it takes such a cooldown for over. */
const PAST = { atSeconds: 0, seconds: 0 };

/** An announcement counts, too. Cooldowns of ours expire with their key. */
function isInForce({ by, atSeconds, seconds }: FoundCooldown, now: number): boolean {
  return by === 'allswell' || atSeconds + seconds > now;
}

/** What the keys of some deployments hold; deployments without any are absent. */
async function foundIn(
  client: Client,
  modelIds: ReadonlySet<string>,
  namespace: string | null,
): Promise<ReadonlyMap<string, readonly FoundCooldown[]>> {
  const keys = cooldownKeysOf(modelIds, namespace);
  const cooldowns = await readCooldownKeys(client, keys);
  const found = keys.flatMap(({ modelId }, i) => {
    const cooldown = cooldowns[i];
    return cooldown === undefined ? [] : [{ modelId, cooldown }];
  });
  const byId = Map.groupBy(found, ({ modelId }) => modelId);
  return new Map([...byId].map(([id, each]) => [id, each.map(({ cooldown }) => cooldown)]));
}
