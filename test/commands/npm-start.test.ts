import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../src/testing/index.ts';

/** What a clone has that `npm start` reads, without `dist`. */
function freshClone(dependencies: 'all' | 'none'): string {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['package.json', 'tsconfig.json', 'scripts', 'src', 'dashboard', 'examples']) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  if (dependencies === 'all') symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  // Node would look in the folders above, too, and a temporary folder may be inside a checkout.
  else mkdirSync(join(folder, 'node_modules', 'vite'), { recursive: true });
  return folder;
}

function start(command: string, args: readonly string[], cwd: string) {
  const path = `${resolve('node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  // The caller's environment, as a user has it: npm and the search for a Redis read HOME and more.
  const child = spawn(command, args, { cwd, env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  return { output: () => output, ended };
}

describe('npm start in a fresh clone', () => {
  it('builds the dashboard, says so, and its pods serve it', async () => {
    const clone = freshClone('all');
    const demo = start('npm', ['start', '--', '--pods', '1', '--seconds', '8'], clone);
    const [, page] = await until(() => /dashboard: (http:\S+\/ui\/) with the key \S+/.exec(demo.output()), {
      withinMs: 60_000,
      what: `the address of the dashboard: ${demo.output()}`,
    });
    const answer = await fetch(page ?? '');
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<div id="app">')]);
    expect(await demo.ended).toEqual([0, null]);
    expect(demo.output()).toMatch(/^Built the dashboard in \d+\.\d s$/m);
    // The next start finds it.
    const again = start('node', ['scripts/dashboard-if-missing.ts'], clone);
    expect([await again.ended, again.output()]).toEqual([[0, null], '']);
  });

  it('starts without a dashboard, and says so, where Vite is not installed', async () => {
    const clone = freshClone('none');
    const built = start('node', ['scripts/dashboard-if-missing.ts'], clone);
    expect(await built.ended).toEqual([0, null]);
    expect(built.output()).toMatch(/^The demo has no dashboard, because it could not be built: .*vite/);
    expect(existsSync(join(clone, 'dist'))).toBe(false);
    const { scripts } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as { scripts: { start: string } };
    expect(scripts.start).toMatch(/^node scripts\/dashboard-if-missing\.ts && node src\/cli\/main\.ts demo$/);
  });
});
