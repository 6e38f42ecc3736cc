import { spawnSync } from 'node:child_process';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { paintFor } from './index.ts';
import type { Look } from './index.ts';

const looks: readonly Look[] = ['plain', 'strong', 'faint', 'good', 'wary', 'bad', 'busy'];

afterEach(() => vi.unstubAllEnvs());

describe.each(looks)('the look %s', (look) => {
  it('is a colour on a terminal that has them, and on no other stream', () => {
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('NO_COLOR', undefined);
    // oxlint-disable-next-line no-control-regex -- this is what colours are
    expect(paintFor(stream({ isTTY: true, depth: 8 }))(look, 'text')).toMatch(/^(\u001B\[\d+m)+text(\u001B\[\d+m)+$/);
    expect(paintFor(stream({ isTTY: true, depth: 1 }))(look, 'text')).toBe('text');
    expect(paintFor(stream({ isTTY: false, depth: 8 }))(look, 'text')).toBe('text');
  });

  it('is none without a text', () => {
    expect(paintFor(stream({ isTTY: true, depth: 8 }))(look, '')).toBe('');
  });
});

const oldest = 'v22.';
const old = process.env['OLD_NODE'] ?? '/usr/bin/node';
const version = spawnSync(old, ['--version'], { encoding: 'utf8' }).stdout ?? '';
const name = `gives no colours to a pipe on the oldest Node, either${version.startsWith(oldest) ? '' : ' (skipped: OLD_NODE names no Node 22)'}`;

it.skipIf(!version.startsWith(oldest))(name, () => {
  const code = spawnSync(
    process.execPath,
    [
      '--print',
      'require("node:module").stripTypeScriptTypes(require("node:fs").readFileSync("src/terminal/paint.ts","utf8"))',
    ],
    { encoding: 'utf8' },
  );
  const script = `${code.stdout}\nfor (const look of ${JSON.stringify(looks)}) console.log(paintFor(process.stdout)(look, 'text'));`;
  const { stdout, stderr } = spawnSync(old, ['--input-type=module'], { input: script, encoding: 'utf8', env: {} });
  expect([stdout, stderr]).toEqual(['text\n'.repeat(looks.length), '']);
});

function stream({ isTTY, depth }: { isTTY: boolean; depth: number }): NodeJS.WriteStream {
  return Object.assign(new Writable(), { isTTY, getColorDepth: () => depth }) as never;
}
