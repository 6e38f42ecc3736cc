import { describe, expect, it } from 'vitest';
import type { GatewayLimits } from '../../ports/index.ts';
import { loadConfig } from '../load.ts';
import type { LoadedConfig, RequestedProfile } from '../types.ts';

function read(text: string, profile: RequestedProfile = 'check'): LoadedConfig {
  return loadConfig({ text, env: { REDIS_HOST: 'health.example' }, readFile: () => '', profile });
}

function limits(...asked: Parameters<typeof read>): GatewayLimits {
  const loaded = read(...asked);
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.gateway;
}

const defaults: GatewayLimits = {
  maxBodyBytes: 33_554_432,
  maxInFlight: 2_048,
  maxInFlightOf: 'pod',
  maxBufferedBytes: 256 * 1024 * 1024,
  maxConnections: 8_192,
  headerTimeoutMs: 10_000,
  bodyTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  firstByteTimeoutMs: null,
};

describe('limits of the gateway', () => {
  it('have defaults', () => {
    expect(limits('fleet_health: {}')).toEqual(defaults);
  });

  it('have room for several of the largest bodies', () => {
    const { maxBodyBytes, maxBufferedBytes } = limits('fleet_health: { gateway: { max_body_bytes: 100000000 } }');
    expect(maxBufferedBytes).toBe(8 * maxBodyBytes);
  });

  it('are read from fleet_health.gateway', () => {
    const text = `fleet_health:
  gateway:
    max_body_bytes: 1048576
    max_in_flight: 10
    max_buffered_bytes: 5000000
    max_connections: 20
    header_timeout: 0.5
    body_timeout: 5
    first_byte_timeout: 30
    idle_timeout: 7
`;
    expect(limits(text)).toEqual({
      maxBodyBytes: 1_048_576,
      maxInFlight: 10,
      maxInFlightOf: 'pod',
      maxBufferedBytes: 5_000_000,
      maxConnections: 20,
      headerTimeoutMs: 500,
      bodyTimeoutMs: 5_000,
      firstByteTimeoutMs: 30_000,
      idleTimeoutMs: 7_000,
    });
  });

  it.each([
    ['max_request_size_mb: 2', { maxBodyBytes: 2_097_152 }],
    ['max_request_size_mb: 0.5', { maxBodyBytes: 524_288 }],
    ['max_request_size_mb: 0', { maxBodyBytes: 33_554_432 }],
    ['max_in_flight_requests_per_worker: 3', { maxInFlight: 3, maxInFlightOf: 'worker' }],
  ])("have LiteLLM's for a default: %s", (general, expected) => {
    expect(limits(`general_settings: { ${general} }`)).toEqual({ ...defaults, ...expected });
    const own = 'fleet_health: { gateway: { max_body_bytes: 2000, max_in_flight: 9 } }';
    expect(limits(`general_settings: { ${general} }\n${own}`)).toMatchObject({
      maxBodyBytes: 2_000,
      maxInFlight: 9,
      maxInFlightOf: 'pod',
    });
  });

  it.each([
    ['fleet_health: { gateway: { max_in_flight: 0 } }', 'fleet_health.gateway.max_in_flight'],
    ['fleet_health: { gateway: { idle_timeout: never } }', 'fleet_health.gateway.idle_timeout'],
    ['fleet_health: { gateway: { max_body_byts: 2000 } }', 'fleet_health.gateway.max_body_byts'],
    ['fleet_health: { gateway: 3 }', 'fleet_health.gateway'],
    ['general_settings: { max_request_size_mb: big }', 'general_settings.max_request_size_mb'],
    [
      'general_settings: { max_in_flight_requests_per_worker: 0 }',
      'general_settings.max_in_flight_requests_per_worker',
    ],
  ])('refuse wrong values, with their place: %s', (text, path) => {
    expect(read(text)).toMatchObject({ kind: 'refused', problems: [{ line: 1, path }] });
  });

  it('are the defaults in a bridge, which serves no requests', () => {
    expect(limits('general_settings: { max_request_size_mb: big }', 'bridge')).toEqual(defaults);
  });
});
