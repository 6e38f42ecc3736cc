import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MASTER_KEY, openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';
import { childEnv, endWithThisProcess, until } from '../../src/testing/index.ts';

let stage: CliStage;
/** A pod, or an upstream, that never answers. */
let mute: Server;
let asked: number;
let port: string;

beforeEach(async () => {
  stage = openCliStage();
  asked = 0;
  mute = createServer(() => (asked += 1)).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  port = String((mute.address() as AddressInfo).port);
});

afterEach(async () => {
  await stage.close();
  mute.closeAllConnections();
  mute.close();
});

/** What waits, by its words before the place of the pod or of the file. */
const commands = {
  'bridge --dry-run': () => ['bridge', '--dry-run', '--config', configFile()],
  'check --config': () => ['check', '--config', configFile()],
  'check --url': () => ['check', '--url', `http://127.0.0.1:${port}`],
  status: () => ['status', '--url', `http://127.0.0.1:${port}`, '--timeout', '60'],
  explain: () => ['explain', 'a', '--url', `http://127.0.0.1:${port}`, '--timeout', '60'],
  'probing resume': () => ['probing', 'resume', '--url', `http://127.0.0.1:${port}`, '--timeout', '60'],
  '--health': () => ['--health', '--host', '127.0.0.1', '--port', port],
} as const;
const names = Object.keys(commands) as (keyof typeof commands)[];
const env = { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1', LITELLM_MASTER_KEY: MASTER_KEY };

describe('a command that waits', { timeout: 60_000 }, () => {
  it.each(names)('ends by the signal, and says no more: %s', async (name) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      asked = 0;
      const running = stage.spawn(commands[name](), env);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await until(() => asked > 0, { withinMs: 20_000, what: 'the question' });
      const before = running.stdout() + running.stderr();
      running.signal(signal);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const { status, signal: by, stdout, stderr } = await running.ended;
      expect([status, by, stdout + stderr]).toEqual([null, signal, before]);
    }
  });

  // A namespace of process ids makes a process its first one, as a container does. Not every machine lets us make one.
  const canBeFirst = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;
  it.skipIf(!canBeFirst).each(names)('ends with 143 as the first process of a container, too: %s', async (name) => {
    const child = spawn(
      'unshare',
      ['--pid', '--fork', '--kill-child', process.execPath, 'src/cli/main.ts', ...commands[name]()],
      {
        env: { ...childEnv(), ...env },
        stdio: 'ignore',
      },
    );
    endWithThisProcess(child);
    await until(() => asked > 0, { withinMs: 20_000, what: 'the question' });
    const first = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    process.kill(Number(first), 'SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
  });
});

function configFile(): string {
  return stage.file(
    'proxy_config.yaml',
    `model_list:
  - model_name: a
    litellm_params: { model: openai/a, api_base: "http://127.0.0.1:${port}", api_key: sk-upstream }
general_settings: { background_health_checks: true, use_shared_health_check: true, health_check_interval: 60 }
`,
  );
}
