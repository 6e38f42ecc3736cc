import { createHash } from 'node:crypto';
import { openStand } from '../../test/bridge/harness/index.ts';
import type { Stand, StandShape } from '../../test/bridge/harness/index.ts';
import type { TestPod } from '../../test/fleet/harness/index.ts';

/** How a LiteLLM fleet learns of outages: its shared health checks, its own cooldowns only, or the bridge. */
export type Variant = 'shared-health' | 'cooldowns' | 'bridge';

export const VARIANTS: readonly Variant[] = ['shared-health', 'cooldowns', 'bridge'];

/** The deployments that an outage hits: one of two in its group, and the only one of a group with a fallback. */
export const HIT = ['dead', 'lone'] as const;
/** Place of the port at which they are called. */
export const HIT_PORT = 1;
export const GROUPS = ['pair', 'chain'] as const;
/** Time between two probes of a model, s. */
export const PROBE_INTERVAL_S = 60;
/** For how long LiteLLM waits for an answer, and probes do, s. */
export const TIMEOUT_S = 5;

const EVENTS_KEY = 'sk-events-5d0c7be91f';

/** A fleet that runs; `bridge` is there in the variant of that name. */
export interface VariantFleet {
  readonly variant: Variant;
  readonly stand: Stand;
  readonly bridge: TestPod | undefined;
}

export interface FleetOptions {
  readonly pods: number;
  /** LiteLLM sends the results of requests to the bridge, as the how-to advises. True unless given. */
  readonly events?: boolean;
  /** Changes of the bridge: its environment and configuration. */
  readonly bridge?: (stand: Stand) => Promise<Partial<StandShape>>;
}

/** Starts Redis, the upstream, and the pods of a variant, one LiteLLM pod after the other. */
export async function startVariant(variant: Variant, options: FleetOptions): Promise<VariantFleet> {
  const stand = await openStand(shapeOf(variant));
  try {
    const bridge = variant === 'bridge' ? await stand.startOurs('bridge', await options.bridge?.(stand)) : undefined;
    const changes = bridge === undefined || options.events === false ? {} : withEvents(bridge);
    for (let pod = 0; pod < options.pods; pod += 1) {
      // oxlint-disable-next-line no-await-in-loop -- two cores start one pod after the other faster
      await stand.startLitellm(1, changes);
    }
    return { variant, stand, bridge };
  } catch (error) {
    await stand.stop();
    throw error;
  }
}

const SHARED: StandShape = {
  models: [
    { model: 'good', group: 'pair' },
    { model: 'dead', group: 'pair', port: HIT_PORT },
    { model: 'lone', group: 'chain', port: HIT_PORT },
    { model: 'spare' },
  ].map((entry) => ({ ...entry, info: { id: `id-${entry.model}`, health_check_timeout: TIMEOUT_S } })),
  ports: 2,
  interval: PROBE_INTERVAL_S,
  router: { fallbacks: [{ chain: ['spare'] }], timeout: TIMEOUT_S },
};

function shapeOf(variant: Variant): StandShape {
  switch (variant) {
    case 'shared-health':
      return {
        ...SHARED,
        general: { enable_health_check_routing: true },
        env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: String(PROBE_INTERVAL_S) },
      };
    case 'cooldowns':
      return { ...SHARED, general: { background_health_checks: undefined, use_shared_health_check: undefined } };
    case 'bridge':
      // The file of docs/how-to/stop-litellm-probing.md.
      return {
        ...SHARED,
        interval: 5,
        fleetHealth: {
          interval: PROBE_INTERVAL_S,
          keys: [{ name: 'litellm', sha256: createHash('sha256').update(EVENTS_KEY).digest('hex'), role: 'events' }],
        },
      };
  }
}

function withEvents({ url }: TestPod): Partial<StandShape> {
  return {
    litellm: { callbacks: ['generic_api'] },
    env: {
      GENERIC_LOGGER_ENDPOINT: `${url}/litellm/events`,
      GENERIC_LOGGER_HEADERS: `Authorization=Bearer ${EVENTS_KEY}`,
      DEFAULT_FLUSH_INTERVAL_SECONDS: '1',
      DEFAULT_BATCH_SIZE: '100',
    },
  };
}
