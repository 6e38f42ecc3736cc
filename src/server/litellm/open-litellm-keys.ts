import type { AllswellConfig } from '../../config/index.ts';
import type { BridgeStore, CooldownStore, FleetStore } from '../../ports/index.ts';
import { packageVersion } from '../../package-files.ts';
import { openPorts } from '../open-ports.ts';
import { silent } from '../single-pod-fleet.ts';
import { formerIdsOf, underEachId } from './cooldowns-under-each-id.ts';

/** LiteLLM's keys in the Redis of a configuration; null where the configuration names none, or rules cooldowns out. */
export interface OpenedLitellmKeys {
  readonly results: BridgeStore | null;
  readonly cooldowns: CooldownStore | null;
  /** The decisions of operators; none without a shared store. */
  readonly holds: Pick<FleetStore, 'readHolds'>;
  close(): Promise<void>;
}

/** Opens LiteLLM's keys for a command that runs beside the pods. Does not wait for Redis. */
export function openLitellmKeys(config: AllswellConfig): OpenedLitellmKeys {
  const opened = openPorts(config, {
    logger: silent,
    version: packageVersion(),
    store: undefined,
  });
  const { bridge, cooldowns } = opened;
  const formerIds = formerIdsOf(config);
  return {
    results: bridge,
    holds: opened.store,
    cooldowns: cooldowns === null ? null : underEachId(cooldowns, () => formerIds),
    close: async () => {
      await cooldowns?.close();
      await opened.close();
    },
  };
}
