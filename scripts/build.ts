import { rmSync } from 'node:fs';
import { buildDashboard } from './build-dashboard.ts';
import { bundleDeclarations } from './bundle-declarations.ts';
import { bundleProgram } from './bundle-program.ts';

// An old dist/ would keep modules whose sources are gone.
rmSync('dist', { recursive: true, force: true });
await bundleProgram('dist');
await bundleDeclarations('dist');
await buildDashboard();
