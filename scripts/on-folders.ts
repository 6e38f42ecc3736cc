import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Checkers are told where the sources are. Left to themselves they walk the whole tree, or, given a folder
// that is not there yet, stop.
const SOURCES = ['src', 'dashboard', 'test', 'scripts', 'bench', 'examples', 'vitest.config.ts'];

const [tool, ...options] = process.argv.slice(2);
if (tool === undefined) {
  console.error('usage: on-folders.ts <tool> [options…]');
  process.exit(2);
}

// npm puts node_modules/.bin on PATH, so a tool is found by its plain name.
const run = spawnSync(tool, [...options, ...SOURCES.filter((source) => existsSync(source))], { stdio: 'inherit' });
if (run.error) console.error(`${tool}: ${run.error.message}`);
process.exit(run.status ?? 1);
