import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { buildDashboard } from './build-dashboard.ts';

// An old dist/ would keep modules whose sources are gone.
rmSync('dist', { recursive: true, force: true });

const compiled = spawnSync('tsc', ['--project', 'tsconfig.build.json'], { stdio: 'inherit' });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
await buildDashboard();

const command = 'dist/cli/main.js';
if (existsSync(command)) chmodSync(command, 0o755);
