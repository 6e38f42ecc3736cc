import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { childEnv } from '../testing/index.ts';
import { describe, expect, it } from 'vitest';
import { exitStatus, exitStatuses } from './exit-status.ts';

// 0, 1, 2, 3, 5 and 6 are proven where the commands are that end with them.

it('every status has its row of the reference page, and every row a status', () => {
  const rows = exitStatuses.flatMap(({ status }) => status.split(', ').map(Number));
  expect(rows).toEqual([...Object.values(exitStatus), 130, 143]);
});

describe('a command', { timeout: 30_000 }, () => {
  it('that meets what nobody expected says what, and ends with 70', async () => {
    const broken = "process.stdout.write=()=>{throw%20new%20Error('the%20terminal%20broke')}";
    const ended = await run(['completion', 'bash'], { NODE_OPTIONS: `--import=data:text/javascript,${broken}` });
    expect([ended.status, ended.stderr]).toEqual([70, expect.stringContaining('the terminal broke')]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that waits for an answer ends at once by %s, which shells show as %d', async (signal, shown) => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ended = run(['explain', 'gpt-4o', '--url', `http://127.0.0.1:${port}`], { LITELLM_MASTER_KEY: 'sk-any' }, [
      once(server, 'request'),
      signal,
    ]);
    expect(await ended).toMatchObject({ signal });
    expect(exitStatuses.at(-1)?.status).toContain(String(shown));
    server.closeAllConnections();
    server.close();
  });

  it('whose reader goes away early says nothing about it', async () => {
    const { stderr } = await run(['--help'], {}, undefined, 'closed');
    expect(stderr).toBe('');
  });
});

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Runs a command to its end; sends it a signal once something has happened. */
async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  [happened, signal]: readonly [Promise<unknown>, NodeJS.Signals] | readonly [] = [],
  reader: 'reads' | 'closed' = 'reads',
): Promise<Ended> {
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args], {
    env: { ...childEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  if (reader === 'closed') child.stdout.destroy();
  else child.stdout.resume();
  void happened?.then(() => child.kill(signal));
  const [status, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { status, signal: by, stderr };
}
