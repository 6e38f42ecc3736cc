import { afterEach, expect, it } from 'vitest';
import { loadConfig } from '../config/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import type { Logger } from '../ports/index.ts';
import { startMockUpstream, until } from '../testing/index.ts';
import type { MockUpstream } from '../testing/index.ts';
import { startServer } from './start-server.ts';
import type { RunningServer } from './start-server.ts';

// What a reload must keep, seen from outside: a whole pod in this process, with a real upstream and real HTTP.

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

it('an open event stream, counters and requests in flight survive a reload', { timeout: 30_000 }, async () => {
  const upstream = await startUpstream();
  const pod = await start(configured(upstream, { key: 'sk-old', models: ['a', 'slow'] }));
  const events = await reading(pod, '/fleet/events', 'sk-old');
  expect(await events.next()).toMatchObject({ event: 'snapshot', targets: 2 });
  expect((await ask(pod, '/health?model=a', 'sk-old')).status).toBe(200);
  expect(await countedProbes(pod)).toBe(1);
  expect(await events.next()).toMatchObject({ event: 'verdict-changed' });

  upstream.set('slow', { kind: 'slow', ms: 2_000 });
  const slow = ask(pod, '/health?model=slow', 'sk-old');
  await until(() => upstream.probes('slow') === 1, { withinMs: 10_000, what: 'the probe of the request in flight' });
  pod.reload(() => configured(upstream, { key: 'sk-new', models: ['a', 'slow', 'b'] }));

  // Made anew from the configuration: keys and routes. The request in flight is counted beside the one that asks.
  expect((await ask(pod, '/health/backlog', 'sk-old')).status).toBe(401);
  expect(await (await ask(pod, '/health/backlog', 'sk-new')).json()).toMatchObject({ in_flight_requests: 2 });
  // The same stream goes on, with the new list.
  expect(await events.next()).toMatchObject({ event: 'snapshot', targets: 3 });
  expect((await slow).status).toBe(200);
  expect(await countedProbes(pod)).toBe(2);
  // An upstream may still repeat a key that is no longer configured.
  expect(pod.redact('sk-old sk-new other')).toBe('[redacted] [redacted] other');
  await events.cancel();
});

it('drains that wait for the same end do not wait for each other after a reload', { timeout: 30_000 }, async () => {
  const upstream = await startUpstream();
  const settings = { key: 'sk-old', models: ['a'], more: 'enable_drain_endpoint: true, ' };
  const pod = await start(configured(upstream, settings));
  upstream.set('a', { kind: 'slow', ms: 2_000 });
  const slow = ask(pod, '/health', 'sk-old');
  await until(() => upstream.probes('a') === 1, { withinMs: 10_000, what: 'the probe of the request in flight' });
  const drains = [drained(pod)];
  await until(async () => (await ask(pod, '/health/readiness', '')).status === 503, {
    withinMs: 5_000,
    what: 'the drain',
  });
  pod.reload(() => configured(upstream, { ...settings, models: ['a', 'b'] }));
  drains.push(drained(pod));
  await slow;
  await Promise.all(drains);
});

interface Settings {
  readonly key: string;
  readonly models: readonly string[];
  readonly more?: string;
}

function configured(upstream: MockUpstream, { key, models, more = '' }: Settings): LoadedConfig {
  const entries = models.map((name) => {
    return `{ model_name: ${name}, litellm_params: { model: openai/${name}, api_base: "${upstream.apiBase}", api_key: sk-x } }`;
  });
  const general = `general_settings: { ${more}master_key: ${key}, background_health_checks: false }`;
  const env = { DRAIN_ENDPOINT_TOKEN: 't0ken', GRACEFUL_SHUTDOWN_TIMEOUT: '60' };
  return loadConfig({ text: `model_list: [${entries.join(', ')}]\n${general}\n`, env, readFile: () => '' });
}

async function startUpstream(): Promise<MockUpstream> {
  const upstream = await startMockUpstream();
  opened.push(() => upstream.close());
  return upstream;
}

interface Started extends RunningServer {
  readonly redact: (text: string) => string;
}

async function start(loaded: LoadedConfig): Promise<Started> {
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };
  let redact = (text: string): string => text;
  const pod = await startServer(loaded.config, {
    host: '127.0.0.1',
    port: 0,
    drainMs: 10_000,
    createLogger: (given) => {
      redact = given;
      return quiet;
    },
  });
  opened.push(() => pod.stop());
  return { ...pod, redact };
}

async function ask(pod: RunningServer, path: string, key: string): Promise<Response> {
  return await fetch(`http://127.0.0.1:${pod.port}${path}`, { headers: { authorization: `Bearer ${key}` } });
}

async function drained(pod: RunningServer): Promise<unknown> {
  const headers = { 'x-drain-token': 't0ken' };
  return await (await fetch(`http://127.0.0.1:${pod.port}/health/drain`, { headers })).json();
}

async function countedProbes(pod: RunningServer): Promise<number> {
  const text = await (await ask(pod, '/metrics', '')).text();
  return [...text.matchAll(/^allswell_probe_total\{.*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
}

/** Reads server-sent events one by one. */
async function reading(pod: RunningServer, path: string, key: string) {
  const reader = (await ask(pod, path, key)).body!.getReader();
  let text = '';
  const next = async (): Promise<{ event: string; targets: number | undefined }> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const [found, data = '{}'] = [text.slice(0, end), /^data: (.+)$/m.exec(text.slice(0, end))?.[1]];
        text = text.slice(end + 2);
        const { targets } = JSON.parse(data) as { targets?: unknown[] };
        return { event: /^event: (.+)$/m.exec(found)?.[1] ?? 'comment', targets: targets?.length };
      }
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      const { done, value } = await reader.read();
      if (done) return { event: 'the end', targets: undefined };
      text += Buffer.from(value).toString();
    }
  };
  return { next, cancel: async () => await reader.cancel() };
}
