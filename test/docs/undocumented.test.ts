import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'allswell-undocumented-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the check of public exports', () => {
  it.each([
    ['export interface A {\n  readonly a: 1;\n}\n', ['A']],
    ['/* no TSDoc */\nexport const a = 1;\n', ['a']],
    ['/** Of another. */\nconst b = 1;\nexport type A = typeof b;\n', ['A']],
    ['// a remark\nexport async function f(): Promise<void> {}\nexport class C {}\n', ['f', 'C']],
    ['/** A word. */\nexport type A = 1;\n\n/**\n * More.\n */\nexport function f(): void {}\n', []],
    ["export type { A } from './a.ts';\nexport * from './b.ts';\nconst c = 1;\n", []],
  ])('names what does not explain itself: %j', (text, names) => {
    const file = join(folder, 'one.ts');
    writeFileSync(file, text);
    const { stderr, status } = spawnSync(process.execPath, ['scripts/undocumented.ts', file], { encoding: 'utf8' });
    const found = stderr.split('\n').filter((line) => line.startsWith(file));
    expect(found.map((line) => line.split(' ').at(-1))).toEqual(names);
    expect(status).toBe(names.length === 0 ? 0 : 1);
  });
});
