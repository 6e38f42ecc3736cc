import type { Redis } from 'ioredis';
import { epochMs } from '../../fleet/harness/index.ts';

/** Commands of allswell that name cooldown keys. LiteLLM's own reads and writes are not counted. */
export interface CooldownCommands {
  /** When they came, epoch milliseconds. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  stop(): void;
}

const KEY = /deployment:.+:cooldown$/;

/** Counts them by the server's own monitor: each command once, without what its script does. */
export async function watchCooldownCommands(store: Redis): Promise<CooldownCommands> {
  const reads: number[] = [];
  const writes: number[] = [];
  /** Addresses of clients that use keys of allswell. */
  const ours = new Set<string>();
  const monitor = await store.monitor();
  monitor.on('error', () => undefined);
  monitor.on('monitor', (_time: string, [command = '', ...words]: readonly string[], source: string) => {
    if (source === 'lua') return;
    if (words.some((word) => word.startsWith('allswell:'))) ours.add(source);
    if (!words.some((word) => KEY.test(word))) return;
    if (/^evalsha$|^eval$/i.test(command)) writes.push(epochMs());
    else if (ours.has(source)) reads.push(epochMs());
  });
  return { reads, writes, stop: () => monitor.disconnect() };
}
