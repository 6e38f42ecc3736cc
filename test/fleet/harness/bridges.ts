import type { TestContext } from 'vitest';
import { until } from '../../../src/testing/index.ts';
import type { FleetShape, TestFleet } from './fleet.ts';
import type { TestPod } from './pod.ts';
import { waitedMs } from './processor.ts';
import { fleetFor } from './use-fleet.ts';

/** LiteLLM's keys. */
export const RESULTS = 'health_check_results';
export const LOCK = 'health_check_lock';
/** LiteLLM's time for results. */
export const TTL_S = 6;

/** LiteLLM's document. */
export interface Published {
  readonly healthy_endpoints: readonly PublishedRow[];
  readonly unhealthy_endpoints: readonly PublishedRow[];
  readonly healthy_count: number;
  readonly unhealthy_count: number;
  readonly timestamp: number;
  readonly checked_by: string;
}

export interface PublishedRow {
  readonly model: string;
  readonly model_id: string;
  readonly checked_at: string;
  readonly exception_status?: number;
}

/** What every fleet of bridges here is like. */
export const bridgeShape: Required<Pick<FleetShape, 'models' | 'interval' | 'env' | 'command'>> = {
  models: [
    { model: 'm1', info: { health_check_timeout: 1 } },
    { model: 'm2', info: { health_check_timeout: 1, id: 'my-id' } },
  ],
  interval: 2,
  env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: String(TTL_S), LITELLM_LOG: 'INFO' },
  command: 'bridge',
};

/** Real bridges over a real Redis. */
export async function bridges(test: TestContext, changes: Partial<FleetShape> = {}): Promise<TestFleet> {
  return await fleetFor(test, { ...bridgeShape, pods: 1, ...changes });
}

/** As LiteLLM reads it, which is undefined where it would find nothing, or nothing that is young enough. */
export async function published({ store }: TestFleet): Promise<Published | undefined> {
  const text = await store.get(RESULTS);
  if (text === null) return undefined;
  const inner: unknown = JSON.parse(text);
  const results = (typeof inner === 'string' ? JSON.parse(inner) : inner) as Published;
  return Date.now() / 1_000 - results.timestamp > TTL_S ? undefined : results;
}

/** Waits for it. */
export async function firstPublication(fleet: TestFleet): Promise<Published> {
  return await until(() => published(fleet), { withinMs: 10_000, what: 'the first publication' });
}

/** Time that passes, less what the pod and this process wait for a processor. */
export function stopwatch(pod: TestPod): () => number {
  const waited = (): number => waitedMs(pod.pid) + waitedMs('self');
  const [startedAt, before] = [performance.now(), waited()];
  return () => performance.now() - startedAt - (waited() - before);
}

/** Results as LiteLLM writes them, changed. */
export function litellmResults(changes: Readonly<Record<string, unknown>>): string {
  const document = {
    healthy_endpoints: [],
    unhealthy_endpoints: [],
    healthy_count: 0,
    unhealthy_count: 0,
    timestamp: Date.now() / 1_000,
    checked_by: 'pod_1795345639000',
    ...changes,
  };
  return JSON.stringify(JSON.stringify(document).replaceAll('":', '": ').replaceAll(',"', ', "'));
}

/** What LiteLLM was seen to swallow, or to die of. */
export function poison(): readonly (readonly [string, string])[] {
  return [
    ['no JSON', 'not json'],
    ['null', 'null'],
    ['nothing', ''],
    ['a number', '5'],
    ['a list', '[1, 2]'],
    ['a timestamp that is text', litellmResults({ timestamp: 'soon' })],
    ['rows that are no objects', litellmResults({ healthy_endpoints: [1, 'a', null, []] })],
    ['no lists', litellmResults({ healthy_endpoints: undefined, unhealthy_endpoints: undefined })],
    ['lists that are null', litellmResults({ healthy_endpoints: null, unhealthy_endpoints: null })],
    ['five megabytes', litellmResults({ healthy_endpoints: [{ model: 'x'.repeat(5_000_000) }] })],
    ['a timestamp an hour ahead', litellmResults({ timestamp: Date.now() / 1_000 + 3_600 })],
    ['a timestamp beyond reason', litellmResults({ timestamp: 2 ** 70 })],
  ];
}
