import type { GatewayLimits } from '../../ports/index.ts';
import type { FleetHealthSettings, GeneralTrafficKeys } from '../schema/index.ts';

const MIB = 1024 * 1024;

/** Without settings. Bodies with images and files have a few MiB; a client on a slow line sends 32 MiB in a minute at 4.5 Mbit/s. */
const defaults: GatewayLimits = {
  maxBodyBytes: 32 * MIB,
  maxInFlight: 2_048,
  maxInFlightOf: 'pod',
  maxBufferedBytes: 256 * MIB,
  maxConnections: 8_192,
  headerTimeoutMs: 10_000,
  bodyTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  firstByteTimeoutMs: null,
};

/** Largest bodies that fit at once by default. */
const BODIES_AT_ONCE = 8;

export interface GatewayInput {
  readonly general: GeneralTrafficKeys;
  readonly gateway: FleetHealthSettings['gateway'];
}

/** `fleet_health.gateway`. Two of its keys have a counterpart in LiteLLM's `general_settings`, which is their default. */
export function readGatewayLimits({ general, gateway = {} }: GatewayInput): GatewayLimits {
  const maxBodyBytes = gateway.max_body_bytes ?? bytesOf(general) ?? defaults.maxBodyBytes;
  return {
    maxBodyBytes,
    // Where larger bodies are allowed, a few of them must fit.
    maxBufferedBytes: gateway.max_buffered_bytes ?? Math.max(defaults.maxBufferedBytes, BODIES_AT_ONCE * maxBodyBytes),
    ...readMaxInFlight({ general, gateway }),
    maxConnections: gateway.max_connections ?? defaults.maxConnections,
    headerTimeoutMs: gateway.header_timeout ?? defaults.headerTimeoutMs,
    bodyTimeoutMs: gateway.body_timeout ?? defaults.bodyTimeoutMs,
    idleTimeoutMs: gateway.idle_timeout ?? defaults.idleTimeoutMs,
    firstByteTimeoutMs: gateway.first_byte_timeout ?? defaults.firstByteTimeoutMs,
  };
}

/** LiteLLM's key counts by worker process, allswell's own by pod. */
function readMaxInFlight({ general, gateway }: GatewayInput): Pick<GatewayLimits, 'maxInFlight' | 'maxInFlightOf'> {
  const perWorker = general.max_in_flight_requests_per_worker;
  if (gateway?.max_in_flight === undefined && perWorker !== undefined) {
    return { maxInFlight: perWorker, maxInFlightOf: 'worker' };
  }
  return { maxInFlight: gateway?.max_in_flight ?? defaults.maxInFlight, maxInFlightOf: 'pod' };
}

/** As in LiteLLM, a megabyte is a MiB, and 0 is no limit: then the default holds. */
function bytesOf({ max_request_size_mb: size }: GeneralTrafficKeys): number | undefined {
  return size === undefined || size === 0 ? undefined : Math.max(1, Math.floor(size * MIB));
}
