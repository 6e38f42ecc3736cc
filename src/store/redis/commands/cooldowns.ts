import type { CooldownAnswer, CooldownStore, FoundCooldown, StoreLoss } from '../../../ports/index.ts';
import type { Client } from '../client/client.ts';
import { cooldownKeysOf, readCooldownKeys, type CooldownKey } from './cooldown-keys.ts';
import { writeCooldowns } from './write-cooldowns.ts';
import { writeOnCluster } from './write-on-cluster.ts';

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
    write: (input) =>
      attempt(async () => {
        const present = client();
        return await (present.isCluster ? writeOnCluster : writeCooldowns)(present, input, namespace);
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
