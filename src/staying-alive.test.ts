import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

// A process of its own: one that runs tests stays alive anyhow.

it('a process lives until what it awaits is done, though only a timer that keeps nothing alive would end that', async () => {
  const { href } = new URL('staying-alive.ts', import.meta.url);
  const script = `
    import { stayingAlive } from '${href}';
    const answer = await stayingAlive(() => new Promise((done) => setTimeout(() => done('done'), 50).unref()));
    console.log(answer);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout).toBe('done\n');
});
