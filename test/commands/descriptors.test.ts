import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { childEnv, endWithThisProcess, startMockUpstream, startRedisServer, until } from '../../src/testing/index.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await clean();
  }
});

/** A real pod that may have no more than so many files open. */
function podWith(limit: number, config: string) {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-descriptors-'));
  const file = join(folder, 'proxy_config.yaml');
  writeFileSync(file, config);
  const args = ['src/cli/main.ts', 'serve', '--config', file, '--host', '127.0.0.1', '--port', '0'];
  const child = spawn('sh', ['-c', `ulimit -n ${limit}; exec "$0" "$@"`, process.execPath, ...args], {
    env: childEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithThisProcess(child);
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  cleanups.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(folder, { recursive: true });
  });
  return { child, said: () => said };
}

async function portOf({ said }: ReturnType<typeof podWith>): Promise<number> {
  const look = (): string | undefined => /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(said())?.[1];
  return Number(await until(look, { withinMs: 30_000, what: 'a pod to listen' }));
}

const configOf = (upstream: { apiBase: string }, redis: { port: number }): string => `
model_list:
  - { model_name: a, litellm_params: { model: openai/a, api_base: '${upstream.apiBase}', api_key: sk-u } }
general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, background_health_checks: true, use_shared_health_check: true, health_check_interval: 5 }
litellm_settings: { cache: true, cache_params: { type: redis, host: 127.0.0.1, port: ${redis.port} } }
`;

it('a pod that clients leave without file descriptors says so, lives, judges nothing by it, and goes on afterwards', async () => {
  const [upstream, redis] = [await startMockUpstream(), await startRedisServer()];
  cleanups.push(
    async () => await upstream.close(),
    async () => await redis.stop(),
  );
  const pod = podWith(48, configOf(upstream, redis));
  const port = await portOf(pod);
  await until(() => upstream.probes('a') > 0, { withinMs: 20_000, what: 'a probe' });
  const held: Socket[] = [];
  const holding = setInterval(() => {
    while (held.length < 60) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {}).on('close', () => void held.splice(held.indexOf(socket), 1));
      held.push(socket);
    }
  }, 50);
  cleanups.push(() => clearInterval(holding));
  await until(() => pod.said().includes('Out of file descriptors (EMFILE)'), { withinMs: 20_000, what: 'the warning' });
  // The way to Redis breaks now and cannot be opened anew.
  await redis.stop();
  const again = await startRedisServer({ port: redis.port });
  cleanups.push(async () => await again.stop());
  await until(() => /Redis does not answer: .*EMFILE/.test(pod.said()), {
    withinMs: 30_000,
    what: 'the loss of the store',
  });
  clearInterval(holding);
  for (const socket of held.splice(0)) socket.destroy();
  const before = upstream.probes('a');
  await until(() => upstream.probes('a') > before, { withinMs: 30_000, what: 'a probe afterwards' });
  await until(() => pod.said().includes('File descriptors are available again'), { withinMs: 20_000, what: 'the end' });
  expect((await fetch(`http://127.0.0.1:${port}/health/liveliness`)).status).toBe(200);
  expect(pod.said()).not.toMatch(/openai\/a is (?:suspect|down)|unexpected error/);
  expect(pod.child.exitCode).toBeNull();
});

it('a pod that starts with hardly any of them names the reason, and lives once it listens', async () => {
  const [upstream, redis] = [await startMockUpstream(), await startRedisServer()];
  cleanups.push(
    async () => await upstream.close(),
    async () => await redis.stop(),
  );
  const fates: string[] = [];
  // From where Node can hardly load our code up to where all works.
  for (const limit of [22, 24, 26, 32]) {
    const pod = podWith(limit, configOf(upstream, redis));
    const fate = (): string | undefined => {
      if (/Out of file descriptors|Redis does not answer: .*EMFILE/.test(pod.said())) return 'told';
      if (pod.said().includes('acquired health check lock')) return 'works';
      if (pod.child.exitCode === null) return undefined;
      return /EMFILE|ERR_INVALID_PACKAGE_CONFIG/.test(pod.said()) ? 'told' : 'ended without a reason';
    };
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    fates.push(await until(fate, { withinMs: 30_000, what: `a pod with ${limit} files to say how it fares` }));
    expect(pod.said()).not.toContain('Ended by an unexpected error');
    pod.child.kill('SIGKILL');
  }
  expect(fates).not.toContain('ended without a reason');
  expect(fates.at(-1)).toBe('works');
});
