import type { Clock, Cooldown, CooldownOutcome, CooldownStore, FoundCooldown } from '../../src/ports/index.ts';

/** LiteLLM's cooldown keys in this process, with their own expiry; counts commands. */
export interface MemoryCooldowns extends CooldownStore {
  readonly commands: { reads: number; writes: number };
  /** While true, every command is lost. */
  away: boolean;
  /** Plants a cooldown as a LiteLLM pod does. */
  plant(modelId: string, seconds: number, status?: number): void;
  /** Plants a cooldown with the mark of allswell, as another fleet does. */
  plantMarked(modelId: string, seconds: number): void;
  /** Deployments whose key holds something that is no cooldown. */
  readonly blocked: Set<string>;
  /** What LiteLLM's Router would read now. */
  active(): Readonly<Record<string, FoundCooldown['by']>>;
}

interface Entry extends FoundCooldown {
  readonly endsMs: number;
}

export function memoryCooldowns(clock: Clock): MemoryCooldowns {
  const entries = new Map<string, Entry>();
  const live = (modelId: string): Entry | undefined => {
    const entry = entries.get(modelId);
    return entry !== undefined && entry.endsMs > clock.monotonicMs() ? entry : undefined;
  };
  const lost = { kind: 'lost', loss: { code: 'timeout', message: 'no answer' } } as const;
  const write = (modelId: string, cooldown: Cooldown | null, lifeMs: number): CooldownOutcome => {
    if (memory.blocked.has(modelId)) return cooldown === null ? 'none' : 'blocked';
    const found = live(modelId);
    const endsMs = clock.monotonicMs() + lifeMs;
    if (cooldown === null) return found?.by === 'allswell' && entries.delete(modelId) ? 'ended' : 'none';
    if (found?.by === 'litellm' && found.endsMs >= endsMs) return 'theirs';
    const { status, atSeconds, seconds } = cooldown;
    entries.set(modelId, { by: 'allswell', status, atSeconds, seconds, endsMs });
    return 'written';
  };
  const plant = (modelId: string, cooldown: Pick<FoundCooldown, 'by' | 'seconds' | 'status'>): void => {
    const atSeconds = clock.wallMs() / 1_000;
    entries.set(modelId, { ...cooldown, atSeconds, endsMs: clock.monotonicMs() + cooldown.seconds * 1_000 });
  };
  const memory: MemoryCooldowns = {
    commands: { reads: 0, writes: 0 },
    away: false,
    blocked: new Set(),
    read: async (modelIds) => {
      memory.commands.reads += 1;
      if (memory.away) return await Promise.resolve(lost);
      const found = modelIds.flatMap((id) => {
        const entry = live(id);
        return entry === undefined ? [] : [[id, entry] as const];
      });
      return await Promise.resolve({ kind: 'ok', value: new Map(found) });
    },
    write: async ({ cooldowns, lifeMs, guards = [] }) => {
      memory.commands.writes += 1;
      if (memory.away) return await Promise.resolve(lost);
      const refused = new Set(
        guards.flatMap(({ cools, leaves }) =>
          leaves.every((ids) => ids.some((id) => live(id) !== undefined)) ? cools : [],
        ),
      );
      const outcomes = [...cooldowns].map(([id, cooldown]) => {
        const isRefused = cooldown !== null && refused.has(id);
        return [id, isRefused ? 'last' : write(id, cooldown, lifeMs)] as const;
      });
      return await Promise.resolve({ kind: 'ok', value: new Map(outcomes) });
    },
    close: async () => await Promise.resolve(),
    plant: (modelId, seconds, status = 500) => plant(modelId, { by: 'litellm', status, seconds }),
    plantMarked: (modelId, seconds) => plant(modelId, { by: 'allswell', status: 503, seconds }),
    active: () =>
      Object.fromEntries(
        [...entries.keys()].flatMap((id) => {
          const entry = live(id);
          return entry === undefined ? [] : [[id, entry.by]];
        }),
      ),
  };
  return memory;
}
