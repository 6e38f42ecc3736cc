import type { Redis } from 'ioredis';
import { epochMs } from '../../fleet/harness/index.ts';

/** One command as Redis took it. */
export interface SeenCommand {
  /** Epoch milliseconds, by this process' clock. */
  readonly at: number;
  readonly words: readonly string[];
  /** Address of the client, or `lua` where a script ran it. */
  readonly source: string;
}

/** Every command that names a key of LiteLLM's shared health checks. */
export interface CommandWatch {
  readonly seen: readonly SeenCommand[];
  stop(): void;
}

/** Lets Redis tell what it is asked: it says who, too. */
export async function watchCommands(store: Redis): Promise<CommandWatch> {
  const seen: SeenCommand[] = [];
  const monitor = await store.monitor();
  monitor.on('error', () => undefined);
  monitor.on('monitor', (_time: string, words: readonly string[], source: string) => {
    if (words.some((word) => /health_check_(?:results|lock)$/.test(word))) seen.push({ at: epochMs(), words, source });
  });
  return { seen, stop: () => monitor.disconnect() };
}
