import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = new URL('../', import.meta.url);

/** Builds `dashboard/` into `dist/dashboard`: compressed files alone. A pod unpacks them once, for clients that take no gzip. */
export async function buildDashboard(): Promise<void> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('dashboard/', root)),
    // Relative, so that the files also work below SERVER_ROOT_PATH and behind proxies that rewrite paths.
    base: './',
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: fileURLToPath(new URL('dist/dashboard/', root)),
      emptyOutDir: true,
      // The policy allows data: addresses for images alone.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2023',
      reportCompressedSize: false,
    },
  });
  for (const name of globSync('dist/dashboard/**/*.{css,html,js}', { cwd: root })) {
    const file = new URL(name, root);
    writeFileSync(new URL(`${name}.gz`, root), gzipSync(readFileSync(file), { level: constants.Z_BEST_COMPRESSION }));
    rmSync(file);
  }
}

// Run by itself, such as while one works on the dashboard: a running pod serves the new files after its restart.
if (import.meta.main) await buildDashboard();
