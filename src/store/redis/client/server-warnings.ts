import type { Logger } from '../../../ports/index.ts';
import type { ServerFacts } from './server-facts.ts';

/** Oldest version that is tested. */
const OLDEST_MAJOR = 7;

/**
 * Warns about a server's settings, once per cause. A reconnection does not repeat a warning.
 */
export function serverWarnings(logger: Logger): (facts: ServerFacts) => void {
  let told: Partial<Record<'eviction' | 'version', string>> = {};
  return ({ eviction, version, mode }) => {
    const policy = eviction.kind === 'known' ? eviction.policy : 'unknown';
    if (policy !== told.eviction) warnOfEviction(logger, eviction);
    const old = version !== undefined && version.major < OLDEST_MAJOR ? version.text : '';
    if (old !== (told.version ?? '')) warnOfAge(logger, old, mode);
    told = { eviction: policy, version: old };
  };
}

/** Warning about eviction, which can delete leases and records at any time. All keys expire, so `volatile-*` evicts them, too. */
function warnOfEviction(logger: Logger, eviction: ServerFacts['eviction']): void {
  if (eviction.kind === 'unknown') {
    logger.debug('Cannot read the maxmemory-policy of Redis: the user lacks the rights for INFO and CONFIG GET');
  } else if (eviction.mayEvict === 'yes') {
    const { policy } = eviction;
    const advice = 'Redis may evict health records and leases when memory is short. To fix: set it to noeviction';
    logger.warn(`Redis has maxmemory-policy ${policy}: ${advice}`, { policy });
  }
}

function warnOfAge(logger: Logger, version: string, mode: ServerFacts['mode']): void {
  if (version === '') return;
  const effect =
    mode === 'cluster'
      ? 'a cluster of this version has no sharded channels, so pods cannot share health'
      : 'some commands may not exist';
  logger.warn(`Redis ${version} is older than ${OLDEST_MAJOR}.0: ${effect}. To fix: upgrade it, or use Valkey`, {
    version,
  });
}
