import type {
  Cooldown,
  FoundCooldown,
  CooldownAnswer,
  CooldownOutcome,
  CooldownStore,
  KeepCooldowns,
  StoreLoss,
} from '../../../ports/index.ts';
import { COOLDOWN_MARK, cooldownKey, cooldownText, namespaced, readCooldown } from '../../../litellm/index.ts';
import type { Client } from '../client/client.ts';
import { unexpected } from './reply.ts';
import { runScript } from './run-script.ts';
import { scripts } from '../scripts.generated.ts';

export interface CooldownCommandParts {
  readonly client: () => Client;
  readonly explain: (error: unknown) => StoreLoss;
  readonly namespace: string | null;
  readonly close: () => Promise<void>;
}

/** Deployments in one command: a larger one would block other clients of the server for milliseconds. */
const BATCH = 5_000;

/** LiteLLM's cooldown keys. On a cluster each key is a command of its own, because the keys lie in many slots. */
export function redisCooldowns({ client, explain, namespace, close }: CooldownCommandParts): CooldownStore {
  const attempt = async <T>(work: () => Promise<T>): Promise<CooldownAnswer<T>> => {
    try {
      return { kind: 'ok', value: await work() };
    } catch (error) {
      return { kind: 'lost', loss: explain(error) };
    }
  };
  const keysOf = (modelIds: readonly string[]): readonly Key[] => modelIds.flatMap((id) => keysOfOne(id, namespace));
  return {
    read: (modelIds) => attempt(async () => await readAll(client(), keysOf(modelIds))),
    keep: ({ cooldowns, lifeMs }) =>
      attempt(async () => await keepAll(client(), keysOf([...cooldowns.keys()]), { cooldowns, lifeMs })),
    close,
  };
}

interface Key {
  readonly modelId: string;
  readonly key: string;
}

/** LiteLLM up to 1.108 puts the namespace before the key, 1.110 does not: both are used where there is one. */
function keysOfOne(modelId: string, namespace: string | null): readonly Key[] {
  const bare = cooldownKey(modelId);
  return [...new Set([namespaced(namespace, bare), bare])].map((key) => ({ modelId, key }));
}

async function readAll(client: Client, keys: readonly Key[]): Promise<ReadonlyMap<string, FoundCooldown>> {
  const run = async (batch: readonly Key[]): Promise<readonly string[]> => {
    const names = batch.map(({ key }) => key);
    return textsFrom(await runScript(client, scripts['read-cooldowns'], names, []));
  };
  const texts = await onEach(client, keys, run);
  const found = new Map<string, FoundCooldown>();
  keys.forEach(({ modelId }, i) => {
    const one = readCooldown(texts[i] ?? '');
    // Of two keys of one deployment LiteLLM's own cooldown counts: the other may be ours.
    if (one !== undefined && found.get(modelId)?.by !== 'litellm') found.set(modelId, one);
  });
  return found;
}

function textOf(cooldown: Cooldown | null | undefined): string {
  return cooldown === null || cooldown === undefined ? '' : cooldownText(cooldown);
}

async function keepAll(
  client: Client,
  keys: readonly Key[],
  { cooldowns, lifeMs }: KeepCooldowns,
): Promise<ReadonlyMap<string, CooldownOutcome>> {
  const run = async (batch: readonly Key[]): Promise<readonly CooldownOutcome[]> => {
    const args = [
      String(Math.ceil(lifeMs)),
      COOLDOWN_MARK,
      ...batch.map(({ modelId }) => textOf(cooldowns.get(modelId))),
    ];
    return outcomesFrom(
      await runScript(
        client,
        scripts['keep-cooldowns'],
        batch.map(({ key }) => key),
        args,
      ),
    );
  };
  const outcomes = await onEach(client, keys, run);
  const byId = new Map<string, CooldownOutcome>();
  // Of two keys of one deployment the first that did something counts.
  keys.forEach(({ modelId }, i) => {
    const [before, outcome = 'none'] = [byId.get(modelId), outcomes[i]];
    if (before === undefined || before === 'none') byId.set(modelId, outcome);
  });
  return byId;
}

async function onEach<T>(
  client: Client,
  keys: readonly Key[],
  run: (batch: readonly Key[]) => Promise<readonly T[]>,
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

const OUTCOMES: ReadonlySet<unknown> = new Set<CooldownOutcome>(['kept', 'ended', 'theirs', 'blocked', 'none']);

function outcomesFrom(raw: unknown): readonly CooldownOutcome[] {
  if (!Array.isArray(raw) || !raw.every((one): one is CooldownOutcome => OUTCOMES.has(one))) throw unexpected();
  return raw;
}
