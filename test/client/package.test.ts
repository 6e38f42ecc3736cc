import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundled } from './bundle.ts';

const MOST_BYTES = 5_000;

it('a bundle of the client has at most 5 kB, gzipped, and imports nothing', async () => {
  const code = await bundled('../../src/client/index.ts');
  const bytes = gzipSync(code).byteLength;
  console.log(`bundle of allswell/client: ${code.length} bytes, ${bytes} gzipped`);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(code).not.toMatch(/\bnode:|\brequire\(|\bprocess\b|\bBuffer\b/);
});

it('its types need no other file of the package', (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-client-types-'));
  test.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const made = spawnSync('node_modules/.bin/tsc', ['--project', 'tsconfig.declarations.json', '--outDir', folder], {
    encoding: 'utf8',
  });
  expect([made.status, made.stdout]).toEqual([0, '']);
  expect(
    reached(join(folder, 'client/index.d.ts'))
      .map((file) => relative(folder, file))
      .toSorted(),
  ).toEqual(['client/client-error.d.ts', 'client/connect.d.ts', 'client/index.d.ts', 'client/types.d.ts']);
});

/** All declarations that one imports, and what those import. Packages are named as they are. */
function reached(file: string, found: Set<string> = new Set()): readonly string[] {
  if (found.has(file)) return [...found];
  found.add(file);
  const from = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const [, to = ''] of from.matchAll(/(?:from|import\() ?'([^']+)'/g)) {
    reached(to.startsWith('.') ? resolve(dirname(file), to.replace(/\.[jt]s$/, '.d.ts')) : to, found);
  }
  return [...found];
}
