import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

// Usage: run-tests.ts <project | test file>… [-- vitest options]
// Names that have no test file yet are said and left out; a run left with none fails.
const FOLDERS: Record<string, string[]> = {
  unit: [
    'src',
    'dashboard',
    'test/borders',
    'test/golden',
    'test/mutations',
    'test/history/checks',
    'test/history/stand',
  ],
  contract: ['test/contract'],
  docs: ['test/docs'],
  gateway: ['test/gateway'],
  client: ['test/client'],
  dashboard: ['test/dashboard'],
  commands: ['test/commands'],
  fault: ['test/fault'],
  fleet: ['test/fleet'],
  'faulty-pod': ['test/faulty-pod'],
  sim: ['test/sim'],
  model: ['test/model'],
  bridge: ['test/bridge'],
  history: ['test/history'],
  programs: ['test/programs'],
  deploy: ['test/deploy'],
};

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const names = firstOption === -1 ? args : args.slice(0, firstOption);
const options = firstOption === -1 ? [] : args.slice(firstOption).filter((arg) => arg !== '--');

const projects = names.filter((name) => name in FOLDERS);
const files = names.filter((name) => !(name in FOLDERS));
const present = projects.filter((name) => (FOLDERS[name] ?? []).some((folder) => hasTests(folder)));
const presentFiles = files.filter((file) => existsSync(file));
for (const name of [...projects, ...files]) {
  if (!present.includes(name) && !presentFiles.includes(name)) console.log(`absent: ${name} (no test files)`);
}

const runs: string[][] = [];
if (present.length > 0) runs.push(present.flatMap((name) => ['--project', name]));
if (presentFiles.length > 0) runs.push(presentFiles);
if (runs.length === 0) {
  console.error('no tests to run');
  process.exit(1);
}

const failed = runs.filter(
  (run) => spawnSync('vitest', ['run', ...run, ...options], { stdio: 'inherit' }).status !== 0,
);
process.exit(failed.length > 0 ? 1 : 0);

function hasTests(folder: string): boolean {
  return existsSync(folder) && globSync(`${folder}/**/*.test.ts`).length > 0;
}
