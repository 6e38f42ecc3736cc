import type { CooldownAnswer, CooldownStore, FoundCooldown, StoreLoss } from '../../../ports/index.ts';
import type { Client } from '../client/client.ts';
import { cooldownKeysOf, readCooldownKeys, type CooldownKey } from './cooldown-keys.ts';
import { keepCooldowns } from './keep-cooldowns.ts';
import { keepOnCluster } from './keep-on-cluster.ts';

export interface CooldownCommandParts {
  readonly client: () => Client;
  readonly explain: (error: unknown) => StoreLoss;
  readonly namespace: string | null;
  readonly close: () => Promise<void>;
}

/** LiteLLM's cooldown keys. */
export function redisCooldowns({ client, explain, namespace, close }: CooldownCommandParts): CooldownStore {
  const attempt = async <T>(work: () => Promise<T>): Promise<CooldownAnswer<T>> => {
    try {
      return { kind: 'ok', value: await work() };
    } catch (error) {
      return { kind: 'lost', loss: explain(error) };
    }
  };
  return {
    read: (modelIds) => attempt(async () => await readAll(client(), cooldownKeysOf(modelIds, namespace))),
    keep: (input) =>
      attempt(async () => {
        const present = client();
        return await (present.isCluster ? keepOnCluster : keepCooldowns)(present, input, namespace);
      }),
    close,
  };
}

async function readAll(client: Client, keys: readonly CooldownKey[]): Promise<ReadonlyMap<string, FoundCooldown>> {
  const cooldowns = await readCooldownKeys(client, keys);
  const found = new Map<string, FoundCooldown>();
  keys.forEach(({ modelId }, i) => {
    const one = cooldowns[i];
    // Of two keys of one deployment LiteLLM's own cooldown counts: the other may be ours.
    if (one !== undefined && found.get(modelId)?.by !== 'litellm') found.set(modelId, one);
  });
  return found;
}
