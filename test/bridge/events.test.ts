import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { SECRETS } from '../fleet/harness/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { until } from '../../src/testing/index.ts';
import { sharedStand, startEventRecorder } from './harness/index.ts';
import type { EventRecorder } from './harness/index.ts';

// A real LiteLLM proxy whose generic_api callback reports its users' requests to a real pod.

const EVENTS_KEY = 'sk-events-9b1f4e7a60d2';

/** What the upstream does with a model, and as what its request must be read. */
const cases = [
  ['works', { kind: 'ok' }, 'success'],
  ['fails', { kind: 'status', status: 500 }, 'server'],
  ['overloaded', { kind: 'status', status: 429 }, 'overloaded'],
  ['unauthorized', { kind: 'status', status: 401 }, 'auth'],
  ['missing', { kind: 'status', status: 404 }, 'not-found'],
  ['forbidden', { kind: 'status', status: 403 }, 'neutral'],
  ['rejected', { kind: 'status', status: 400 }, 'neutral'],
  ['hangs', { kind: 'hang' }, 'timeout'],
  ['breaks', { kind: 'reset' }, 'server'],
  ['garbled', { kind: 'malformed' }, 'server'],
] as const;

let pod: TestPod;
let recorder: EventRecorder;

const stand = sharedStand(
  {
    models: cases.map(([model]) => ({ model, params: { timeout: 1.5, max_retries: 0 } })),
    interval: 300,
    litellm: { callbacks: ['generic_api'] },
    router: { disable_cooldowns: true },
    fleetHealth: {
      keys: [{ name: 'litellm', sha256: createHash('sha256').update(EVENTS_KEY).digest('hex'), role: 'events' }],
    },
  },
  async (opened) => {
    for (const [model, behaviour] of cases) opened.upstream.set(model, behaviour);
    recorder = await startEventRecorder();
    pod = await opened.startOurs('bridge');
    recorder.forwardTo(`${pod.url}/litellm/events`);
    const env = {
      GENERIC_LOGGER_ENDPOINT: recorder.url,
      GENERIC_LOGGER_HEADERS: `Authorization=Bearer ${EVENTS_KEY}`,
      DEFAULT_FLUSH_INTERVAL_SECONDS: '1',
    };
    await opened.startLitellm(1, { env });
  },
);

afterAll(async () => await recorder.close());

describe("a user's request through LiteLLM", () => {
  it.each(cases)('arrives with the id of its deployment and its class: %s', async (model, _behaviour, found) => {
    const before = await observed(found);
    const id = await modelId(model);
    const from = recorder.batches.length;
    await stand().litellm[0]?.chat(model);
    await until(() => eventsOf(id, from).length === 1, { withinMs: 15_000, what: `the event of ${model}` });
    await until(async () => (await observed(found)) === before + 1, { withinMs: 5_000, what: `one more ${found}` });
  });

  it('makes its target suspect when it fails twice in a row', async () => {
    const before = await counted('allswell_traffic_reports_total{verdict="suspect"}');
    await stand().litellm[0]?.chat('fails');
    await until(async () => (await counted('allswell_traffic_reports_total{verdict="suspect"}')) === before + 1, {
      withinMs: 15_000,
      what: 'a report of the target as suspect',
    });
  });

  it('was accepted each time, and so was the whole of every batch', async () => {
    const answers = recorder.batches.map(({ status, answer }) => ({ status, ...answer }));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(await counted('allswell_litellm_events_total{result="accepted"}')).toBe(cases.length + 1);
    expect(await counted('allswell_litellm_events_total{result="unknown"}')).toBe(0);
    // LiteLLM's own health checks have no deployment.
    const reasons = recorder.batches.flatMap(({ answer }) => Object.keys(answer['ignored_why'] ?? {}));
    expect(reasons.filter((why) => why !== 'no model_id')).toEqual([]);
  });

  it('leaves nothing of what was said or of any key in the pod', async () => {
    const sent = JSON.stringify(recorder.batches.map(({ events }) => events));
    expect(sent).toContain('A question of a user');
    const shown = [pod.log(), await pod.metrics(), (await pod.get('/fleet')).text, (await pod.get('/health')).text];
    const answers = JSON.stringify(recorder.batches.map(({ answer }) => answer));
    for (const secret of ['A question of a user', EVENTS_KEY, SECRETS.masterKey, SECRETS.upstreamKey]) {
      expect([...shown, answers].filter((text) => text.includes(secret))).toEqual([]);
    }
    expect((await storedTexts()).filter((text) => text.includes('A question of a user'))).toEqual([]);
  });
});

function eventsOf(id: string, from: number): readonly unknown[] {
  return recorder.batches.slice(from).flatMap(({ events }) => events.filter((event) => event['model_id'] === id));
}

/** LiteLLM's own id of the only deployment of a group. */
async function modelId(model: string): Promise<string> {
  const reply = await stand().litellm[0]?.get('/model/info');
  const { data } = JSON.parse(reply?.text ?? '{}') as {
    data: readonly { model_name: string; model_info: { id: string } }[];
  };
  return data.find(({ model_name: name }) => name === model)?.model_info.id ?? '';
}

/** Everything that the fleet keeps in Redis. */
async function storedTexts(): Promise<readonly string[]> {
  const { store } = stand();
  const hashes = await store.keys('allswell:*:records');
  expect(hashes).not.toEqual([]);
  return (await Promise.all(hashes.map(async (key) => await store.hvals(key)))).flat();
}

const observed = async (found: string): Promise<number> =>
  await counted(`allswell_observations_total{source="traffic",class="${found}"}`);

async function counted(metric: string): Promise<number> {
  const lines = (await pod.metrics()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${metric} `))?.slice(metric.length + 1) ?? 0);
}
