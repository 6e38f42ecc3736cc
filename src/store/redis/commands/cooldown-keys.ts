import type { FoundCooldown } from '../../../ports/index.ts';
import { cooldownKey, namespaced, readCooldown } from '../../../litellm/index.ts';
import type { Client } from '../client/client.ts';
import { scripts } from '../scripts.generated.ts';
import { unexpected } from './reply.ts';
import { runScript } from './run-script.ts';

/** One of the keys under which LiteLLM's Router looks for a deployment's cooldown. */
export interface CooldownKey {
  readonly modelId: string;
  readonly key: string;
}

/** Deployments in one command: a larger one would block other clients of the server for milliseconds. */
const BATCH = 5_000;

/** LiteLLM up to 1.108 puts the namespace before the key, 1.110 does not: both are used where there is one. */
export function cooldownKeysOf(modelIds: Iterable<string>, namespace: string | null): readonly CooldownKey[] {
  return [...modelIds].flatMap((modelId) => {
    const bare = cooldownKey(modelId);
    return [...new Set([namespaced(namespace, bare), bare])].map((key) => ({ modelId, key }));
  });
}

/** The cooldown under each key, undefined where it holds none. */
export async function readCooldownKeys(
  client: Client,
  keys: readonly CooldownKey[],
): Promise<readonly (FoundCooldown | undefined)[]> {
  const texts = await inBatches(client, keys, async (batch) => {
    const names = batch.map(({ key }) => key);
    return textsFrom(await runScript(client, scripts['read-cooldowns'], names, []));
  });
  return texts.map(readCooldown);
}

/** Runs a command for a few thousand keys at a time. On a cluster for each key, because the keys lie in many slots. */
export async function inBatches<T>(
  client: Client,
  keys: readonly CooldownKey[],
  run: (batch: readonly CooldownKey[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  if (client.isCluster) return (await Promise.all(keys.map(async (key) => await run([key])))).flat();
  const found: T[] = [];
  // oxlint-disable-next-line no-await-in-loop -- one batch after the other, so that other clients get their turn
  for (let at = 0; at < keys.length; at += BATCH) found.push(...(await run(keys.slice(at, at + BATCH))));
  return found;
}

function textsFrom(raw: unknown): readonly string[] {
  if (!Array.isArray(raw) || !raw.every((one): one is string => typeof one === 'string')) throw unexpected();
  return raw;
}
