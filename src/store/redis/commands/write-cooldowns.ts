import type { Cooldown, CooldownOutcome, WriteCooldowns, PoolGuard } from '../../../ports/index.ts';
import { COOLDOWN_MARK, cooldownText } from '../../../litellm/index.ts';
import type { Client } from '../client/client.ts';
import { scripts } from '../scripts.generated.ts';
import { cooldownKeysOf, inBatches, type CooldownKey } from './cooldown-keys.ts';
import { unexpected } from './reply.ts';
import { runScript } from './run-script.ts';

/** Writes and ends cooldowns. On one server the guards are checked in the same moment. */
export async function writeCooldowns(
  client: Client,
  { cooldowns, lifeMs, guards = [] }: WriteCooldowns,
  namespace: string | null,
): Promise<ReadonlyMap<string, CooldownOutcome>> {
  const keys = cooldownKeysOf(cooldowns.keys(), namespace);
  const outcomes = await inBatches(client, keys, async (batch) => {
    const guarded = guardsFor(batch, guards, namespace);
    const texts = batch.map(({ modelId }) => textOf(cooldowns.get(modelId)));
    const names = [...batch, ...guarded.keys].map(({ key }) => key);
    const args = [String(Math.ceil(lifeMs)), COOLDOWN_MARK, guarded.text, ...texts];
    return outcomesFrom(await runScript(client, scripts['write-cooldowns'], names, args));
  });
  const byId = new Map<string, CooldownOutcome>();
  // Of two keys of one deployment the first that did something counts.
  keys.forEach(({ modelId }, i) => {
    const [before, outcome = 'none'] = [byId.get(modelId), outcomes[i]];
    if (before === undefined || before === 'none') byId.set(modelId, outcome);
  });
  return byId;
}

function textOf(cooldown: Cooldown | null | undefined): string {
  return cooldown === null || cooldown === undefined ? '' : cooldownText(cooldown);
}

interface GuardArgs {
  /** To be added behind the keys of the batch. */
  readonly keys: readonly CooldownKey[];
  readonly text: string;
}

/** The guards of what a batch writes, as the script reads them. */
function guardsFor(batch: readonly CooldownKey[], guards: readonly PoolGuard[], namespace: string | null): GuardArgs {
  const written = Map.groupBy(
    batch.map(({ modelId }, i) => ({ modelId, place: i + 1 })),
    ({ modelId }) => modelId,
  );
  const used = guards.filter(({ cools }) => cools.some((id) => written.has(id)));
  const keys = cooldownKeysOf(new Set(used.flatMap(({ leaves }) => leaves.flat())), namespace);
  const read = Map.groupBy(
    keys.map(({ modelId }, i) => ({ modelId, place: batch.length + i + 1 })),
    ({ modelId }) => modelId,
  );
  const text = used.map(({ cools, leaves }) => {
    const places = cools.flatMap((id) => written.get(id) ?? []).map(({ place }) => place);
    const left = leaves.map((ids) => ids.flatMap((id) => read.get(id) ?? []).map(({ place }) => place));
    return `${places.join(',')}|${left.map((one) => one.join('+')).join(',')};`;
  });
  return { keys, text: text.join('') };
}

const OUTCOMES: ReadonlySet<unknown> = new Set<CooldownOutcome>([
  'written',
  'ended',
  'last',
  'theirs',
  'blocked',
  'none',
]);

function outcomesFrom(raw: unknown): readonly CooldownOutcome[] {
  if (!Array.isArray(raw) || !raw.every((one): one is CooldownOutcome => OUTCOMES.has(one))) throw unexpected();
  return raw;
}
