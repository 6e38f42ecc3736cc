import type { Logger, RedisTarget, StoreAnswer, StoreLoss } from '../../../src/ports/index.ts';
import type { RedisStore } from '../../../src/store/redis/index.ts';
import { until } from '../../../src/testing/until.ts';
import { openStore } from '../../fault/store-support.ts';

export { adminOf, answering, FLEET, onEnd, openStore, serverFor, targetOf } from '../../fault/store-support.ts';

/** Every line that a store logs, `level message`. */
export interface Log {
  readonly logger: Logger;
  readonly lines: string[];
  /** The lines that begin so. */
  of(begin: string): string[];
}

export function newLog(): Log {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return {
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    lines,
    of: (begin) => lines.filter((line) => line.startsWith(begin)),
  };
}

/** Why a store cannot be used, as soon as it says something that fits. */
export async function problemOf(connection: RedisTarget, fits: RegExp, log: Log = newLog()): Promise<StoreLoss> {
  return await problemIn(openStore(connection, log.logger), fits);
}

export async function problemIn(store: RedisStore, fits: RegExp): Promise<StoreLoss> {
  let last: StoreAnswer<null> | undefined;
  return await until(
    async () => {
      last = await store.time();
      return last.kind === 'lost' && fits.test(last.loss.message) ? last.loss : undefined;
    },
    { withinMs: 5_000, what: `a loss like ${fits.source}` },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; last answer: ${JSON.stringify(last)}`, { cause: error });
  });
}
