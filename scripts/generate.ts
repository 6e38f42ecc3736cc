import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';

// Runs every scripts/generate-*.ts. With --check, fails when that changed a generated file: what lies in the
// tree was then not made from the sources beside it.
const checking = process.argv.includes('--check');
const before = generatedFiles();

for (const script of globSync('scripts/generate-*.ts').toSorted()) {
  if (script.endsWith('.test.ts')) continue;
  const run = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (run.status !== 0) {
    console.error(`${script} failed`);
    process.exit(1);
  }
}

if (checking) {
  const after = generatedFiles();
  const outdated = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  for (const path of outdated) console.error(`${path} was out of date; it is regenerated now, commit it`);
  if (outdated.length > 0) process.exit(1);
  console.log(`${after.size} generated files are up to date`);
}

function generatedFiles(): Map<string, string> {
  const roots = ['src', 'docs', 'dashboard', 'deploy', 'examples', 'test'].filter((root) => existsSync(root));
  const paths = roots.flatMap((root) => globSync(`${root}/**/*.generated.*`));
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}
