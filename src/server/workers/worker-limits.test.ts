import { expect, it } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import { limitsOfWorker } from './worker-limits.ts';

function read(text: string): AllswellConfig {
  const loaded = loadConfig({ text, env: { REDIS_HOST: 'health.example' }, readFile: () => '', profile: 'serve' });
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

it.each([
  ['fleet_health: { gateway: { max_in_flight: 10, max_connections: 30 } }', 4, 10],
  ['general_settings: { max_in_flight_requests_per_worker: 10 }', 10, 2_731],
])('divides the limits of a pod, and not those of a worker: %s', (text, maxInFlight, maxConnections) => {
  expect(limitsOfWorker(read(text), 3).gateway).toMatchObject({ maxInFlight, maxConnections });
});
