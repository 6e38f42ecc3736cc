import type { AllswellConfig } from '../../config/index.ts';
import type { Handle } from '../../http/index.ts';
import type { Logger } from '../../ports/index.ts';
import { listen } from './listen.ts';
import type { Listener } from './listen.ts';

interface HealthListenerParts {
  readonly host: string;
  readonly config: Pick<AllswellConfig, 'gateway' | 'healthPort' | 'rootPath'>;
  readonly logger: Logger;
}

/**
 * The second port of `SEPARATE_HEALTH_APP`; undefined where it is not set.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE` when it cannot listen
 */
export async function listenForHealth(
  handle: Handle,
  { host, config: { gateway: limits, healthPort: port, rootPath }, logger }: HealthListenerParts,
): Promise<Listener | undefined> {
  if (port === null) return undefined;
  const listener = await listen(handle, { host, port, limits, rootPath, logger });
  logger.info(`The health endpoints also listen on http://${host}:${listener.port}`);
  return listener;
}
