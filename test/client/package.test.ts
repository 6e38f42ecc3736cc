import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundleDeclarations } from '../../scripts/bundle-declarations.ts';
import { bundled } from './bundle.ts';

const MOST_BYTES = 5_000;

it('a bundle of the client has at most 5 kB, gzipped, and imports nothing', async () => {
  const code = await bundled('../../src/client/index.ts');
  const bytes = gzipSync(code).byteLength;
  console.log(`bundle of allswell/client: ${code.length} bytes, ${bytes} gzipped`);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(code).not.toMatch(/\bnode:|\brequire\(|\bprocess\b|\bBuffer\b/);
});

it('its types need no other file, of the package or of another', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-client-types-'));
  test.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await bundleDeclarations(folder);
  const types = readFileSync(join(folder, 'client/index.d.ts'), 'utf8');
  expect(types).toMatch(/declare function connect\b[^]*export \{[^}]*\bconnect\b/);
  expect(types).not.toMatch(/\bfrom ?['"]|\bimport\b\s*[('"{*]|\/\/\/ <reference/);
});
