import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { buildDashboard } from './build-dashboard.ts';
import { keepReachedDeclarations } from './reached-declarations.ts';

// An old dist/ would keep modules whose sources are gone.
rmSync('dist', { recursive: true, force: true });

// The program without comments and source maps, then the types of what the package exports, with their comments.
for (const project of ['tsconfig.build.json', 'tsconfig.declarations.json']) {
  const compiled = spawnSync('tsc', ['--project', project], { stdio: 'inherit' });
  if (compiled.status !== 0) process.exit(compiled.status ?? 1);
}
keepReachedDeclarations('dist');
await buildDashboard();

const command = 'dist/cli/main.js';
if (existsSync(command)) chmodSync(command, 0o755);
