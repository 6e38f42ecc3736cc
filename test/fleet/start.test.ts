import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort, until } from '../../src/testing/index.ts';

const TRIES = 5;

it('a pod is alive within a second of its start, though its Redis hangs', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'allswell-start-'));
  try {
    const config = join(folder, 'proxy_config.yaml');
    writeFileSync(config, configOf((silent.address() as AddressInfo).port));
    const tookMs: number[] = [];
    for (let turn = 0; turn < TRIES; turn += 1) tookMs.push(await startOnce(config));
    console.log(`start to liveness, ms: ${tookMs.map(Math.round).join(', ')}`);
    // The best of several: what else runs on this machine is not what is measured.
    expect(Math.min(...tookMs)).toBeLessThan(1_000);
  } finally {
    silent.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function startOnce(config: string): Promise<number> {
  const port = await freePort();
  const startedMs = performance.now();
  const args = ['src/cli/main.ts', '--config', config, '--host', '127.0.0.1', '--port', String(port)];
  const pod = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] }, stdio: 'ignore' });
  const exited = once(pod, 'exit');
  try {
    const alive = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/health/liveliness`)).ok;
    await until(alive, { withinMs: 20_000, what: 'liveness', everyMs: 5 });
    return performance.now() - startedMs;
  } finally {
    pod.kill('SIGKILL');
    await exited;
  }
}

function configOf(redisPort: number): string {
  return `
model_list:
  - { model_name: m, litellm_params: { model: openai/m, api_base: "http://127.0.0.1:9/v1", api_key: sk-upstream } }
general_settings: { master_key: sk-master, background_health_checks: true, use_shared_health_check: true }
litellm_settings: { cache: true, cache_params: { type: redis, host: 127.0.0.1, port: ${redisPort} } }
`;
}
