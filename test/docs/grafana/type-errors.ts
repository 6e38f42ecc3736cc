import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const OPTIONS = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', '--pretty', 'false'];
const LANGUAGE = ['--target', 'es2024', '--lib', 'es2024', '--module', 'nodenext', '--allowImportingTsExtensions'];

/**
 * What the compiler says against these dashboards, one list for each. Each is compiled as one literal, so a property that Grafana's types
 * do not have is an error, too.
 */
export function typeErrors(boards: readonly unknown[]): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-grafana-'));
  try {
    const files = boards.map((_, at) => `board${at}.ts`);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const [at, file] of files.entries()) writeFileSync(join(folder, file), sourceOf(boards[at]));
    const tsc = resolve('node_modules/.bin/tsc');
    const { status, stdout } = spawnSync(tsc, [...OPTIONS, ...LANGUAGE, ...files], { cwd: folder, encoding: 'utf8' });
    // An error goes on in indented lines.
    const errors = stdout.trimEnd().split(/\n(?=\S)/);
    const found = files.map((file) => errors.filter((error) => error.startsWith(`${file}(`)));
    // Errors of no board, such as a package that is missing: without its types any board would do.
    const others = errors.filter((error) => /error TS/.test(error) && !found.flat().includes(error));
    if (others.length > 0 || (status !== 0 && found.flat().length === 0)) throw new Error(`tsc: ${stdout}`);
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sourceOf(board: unknown): string {
  const type = JSON.stringify(resolve('test/docs/grafana/board-type.ts'));
  return `import type { Board } from ${type};\nexport const board: Board = ${JSON.stringify(board, null, 1)};\n`;
}
