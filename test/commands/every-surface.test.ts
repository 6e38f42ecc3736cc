import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { routeTable } from '../../src/server/http/route-table.ts';
import { startMockUpstream, startRedisServer, until } from '../../src/testing/index.ts';
import type { MockUpstream, RedisServer } from '../../src/testing/index.ts';
import { openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';

// Random secrets wherever one can stand, an upstream that repeats what it is told, two real pods on a real Redis; then
// everything is read that anybody can read.

interface Secrets {
  readonly inFile: string;
  readonly inVariable: string;
  readonly inHeader: string;
  readonly master: string;
  readonly scoped: string;
  readonly drain: string;
  readonly identity: string;
  readonly redis: string;
}

describe('no surface shows a secret', { timeout: 240_000 }, () => {
  it('of the file, of a variable, of a header, of a URL, or of what an upstream says', async () => {
    const word = fc.string({
      unit: fc.constantFrom(...'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'),
      minLength: 20,
      maxLength: 40,
    });
    const key = word.map((text) => `sk-${text}`);
    const all = fc.record({
      inFile: key,
      inVariable: word,
      inHeader: word,
      master: key,
      scoped: key,
      drain: word,
      identity: word,
      redis: word,
    });
    await fc.assert(fc.asyncProperty(all, play), {
      numRuns: Number(process.env['ALLSWELL_TEST_RUNS'] ?? 1),
      endOnFailure: true,
    });
  });
});

async function play(secrets: Secrets): Promise<void> {
  const [cli, upstream, redis] = [
    openCliStage(),
    await startMockUpstream(),
    await startRedisServer({ password: secrets.redis }),
  ];
  try {
    tellTales(upstream, secrets);
    const env = {
      UPSTREAM_KEY: secrets.inVariable,
      LITELLM_MASTER_KEY: secrets.master,
      PATH: process.env['PATH'] ?? '',
    };
    const config = configOf(upstream, redis, secrets);
    const file = cli.file('proxy_config.yaml', config);
    const pods = [servePod(cli, file, env), servePod(cli, file, env)];
    const [url = ''] = await Promise.all(pods.map((pod) => pod.url()));
    const heard = await listening(redis);
    await until(async () => (await ask(url, '/health', secrets)).includes('"unhealthy_count":3'), {
      withinMs: 30_000,
      what: 'three models to be unhealthy',
    });
    const shown: Record<string, string> = {
      ...(await endpoints(url, secrets)),
      ...(await commands(cli, { url, file, env, secrets })),
      redis: await stored(redis),
      ...Object.fromEntries(pods.map((pod, i) => [`log of pod ${i}`, pod.said()])),
      pushed: heard.texts().join('\n'),
    };
    heard.close();
    expect(upstream.model('in-file').last?.headers['authorization']).toBe(`Bearer ${secrets.inFile}`);
    expect(upstream.model('in-variable').last?.headers['x-team']).toBe(secrets.inHeader);
    expect(Object.keys(shown).length).toBeGreaterThan(30);
    for (const [place, text] of Object.entries(shown)) {
      expect(text, `${place} is empty`).not.toBe('');
      for (const [name, secret] of Object.entries(secrets)) {
        for (const spelt of spellings(secret)) {
          expect(text.includes(spelt) ? `${place} shows ${name}: ${around(text, spelt)}` : 'nothing').toBe('nothing');
        }
      }
    }
  } finally {
    await cli.close();
    await Promise.all([redis.stop(), upstream.close()]);
  }
}

/** As it is, as it stands in a URL or in Basic, and most of it. */
function spellings(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [secret, encodeURIComponent(secret), base64, secret.slice(0, 16)];
}

function around(text: string, found: string): string {
  const at = text.indexOf(found);
  return text.slice(Math.max(0, at - 80), at + 80);
}

function tellTales(upstream: MockUpstream, { inFile, inVariable, inHeader }: Secrets): void {
  const said = `Incorrect API key provided: ${inFile}. You sent Bearer ${inVariable}, x-team: ${inHeader}`;
  upstream.set('in-file', { kind: 'status', status: 401, body: { error: { message: said, type: 'auth' } } });
  upstream.set('in-variable', {
    kind: 'status',
    status: 500,
    body: `at ${encodeURIComponent(inVariable)} ${Buffer.from(inVariable).toString('base64')} https://user:${inHeader}@example.com/ ${said}`,
    headers: { 'x-ratelimit-remaining-requests': inVariable },
  });
  upstream.set('slow', {
    kind: 'status',
    status: 429,
    body: { error: { message: said } },
    headers: { 'retry-after': '30' },
  });
  upstream.set('down', { kind: 'reset' });
}

function configOf(
  { apiBase }: MockUpstream,
  { port }: RedisServer,
  { inFile, inHeader, scoped, drain, identity, redis }: Secrets,
): string {
  const model = (name: string, key: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/${name}, api_base: '${apiBase}', api_key: '${key}', extra_headers: { x-team: '${inHeader}' } } }`;
  return `
model_list:
${model('in-file', inFile)}
${model('in-variable', 'os.environ/UPSTREAM_KEY')}
${model('slow', inFile)}
${model('down', inFile)}
general_settings:
  background_health_checks: true
  use_shared_health_check: true
  health_check_interval: 2
  enable_drain_endpoint: true
  drain_endpoint_token: '${drain}'
litellm_settings: { cache: true, cache_params: { type: redis, url: 'redis://:${redis}@127.0.0.1:${port}' } }
fleet_health:
  identity_secret: '${identity}'
  keys: [{ name: team, sha256: ${createHash('sha256').update(scoped).digest('hex')}, role: scoped, models: [in-file] }]
`;
}

function servePod(cli: CliStage, file: string, env: Readonly<Record<string, string>>) {
  const pod = cli.spawn(['serve', '--config', file, '--host', '127.0.0.1', '--port', '0', '--debug'], env);
  const look = (): string | undefined => /listens on (http:\/\/\S+)/.exec(pod.stdout())?.[1];
  return {
    said: () => pod.stdout() + pod.stderr(),
    url: async () => await until(look, { withinMs: 20_000, what: 'a pod to listen' }),
  };
}

async function ask(url: string, path: string, { master }: Secrets, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(`${url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${master}`, ...init.headers },
  });
  const headers = JSON.stringify([...answer.headers]);
  if (!(answer.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
    return headers + (await answer.text());
  }
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return headers + new TextDecoder().decode(value);
}

/** Every route with an admin's key, a scoped one, a wrong one that is nearly right, and none. */
async function endpoints(url: string, secrets: Secrets): Promise<Record<string, string>> {
  const shown: Record<string, string> = {};
  const keys = { admin: secrets.master, scoped: secrets.scoped, wrong: `${secrets.master}x`, none: '' };
  for (const { method, paths, body, rawBody } of routeTable) {
    for (const path of paths) {
      for (const [who, key] of Object.entries(keys)) {
        const sent =
          body === undefined && rawBody === undefined
            ? {}
            : {
                body: JSON.stringify({
                  ...(rawBody !== undefined && { model: 'in-file', messages: [{ role: 'user', content: 'hi' }] }),
                  reason: secrets.inFile,
                  litellm_params: { model: 'in-file', api_key: secrets.inFile },
                }),
              };
        const place = path.replace(/\{(?:id|name|model)\}/, 'in-file').replace('{endpoint}', 'chat/completions');
        shown[`${method} ${path} with ${who}`] = await ask(url, `${place}?service=slack`, secrets, {
          method,
          ...sent,
          headers: { authorization: `Bearer ${key}` },
        });
      }
    }
  }
  return shown;
}

interface Asked {
  readonly url: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Secrets;
}

async function commands(cli: CliStage, { url, file, env, secrets }: Asked): Promise<Record<string, string>> {
  const broken = cli.file(
    'broken.yaml',
    `model_list: [{ model_name: a, litellm_params: { model: openai/a, api_base: 'http://u:${secrets.inHeader}@h/v1', api_key: { x: ${secrets.inFile} } } }]
general_settings: { master_key: [${secrets.master}], health_check_interval: ${secrets.drain} }
litellm_settings: { cache: true, cache_params: { type: redis, url: 'redis//:${secrets.redis}@h', port: ${secrets.redis} } }
`,
  );
  const all = [
    ['status', '--url', url],
    ['status', '--why', '--json', '--url', url],
    ['explain', 'in-file', '--url', url],
    ['explain', 'in-variable', '--json', '--url', url],
    ['history', 'in-file', '--url', url],
    ['history', 'in-variable', '--json', '--url', url],
    ['check', '--url', url],
    ['check', '--config', file],
    ['diagnose', '--url', url, '--config', file],
    ['config', 'validate', file],
    ['config', 'validate', broken],
    ['config', 'validate', '--json', broken],
    ['serve', '--config', broken],
    ['drain', 'in-file', '--reason', 'maintenance', '--url', url],
  ];
  const ended = await Promise.all(
    all.map(async (args) => [args.join(' ').replaceAll(url, ''), await cli.run(args, env)] as const),
  );
  return Object.fromEntries(ended.map(([name, { stdout, stderr }]) => [name, stdout + stderr]));
}

async function stored({ url }: RedisServer): Promise<string> {
  const redis = new Redis(url);
  const keys = await redis.keys('*');
  const texts = await Promise.all(keys.map(async (key) => [key, await redis.hgetall(key)]));
  redis.disconnect();
  expect(keys.length).toBeGreaterThan(3);
  return JSON.stringify(texts);
}

async function listening({ url }: RedisServer): Promise<{ texts(): readonly string[]; close(): void }> {
  const redis = new Redis(url);
  const texts: string[] = [];
  redis.on('pmessage', (_pattern: string, _channel: string, text: string) => texts.push(text));
  await redis.psubscribe('*');
  return { texts: () => texts, close: () => redis.disconnect() };
}
