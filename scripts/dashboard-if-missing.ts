import { existsSync } from 'node:fs';

// For `npm start` in a fresh clone: its pods show a dashboard without `npm run build`. Writes to stderr, as stdout belongs to the demo.
const BUILT = new URL('../dist/dashboard/index.html.gz', import.meta.url);

if (!existsSync(BUILT)) {
  const since = performance.now();
  try {
    // Loaded only now: it takes Vite, which an installation without development dependencies has not.
    const { buildDashboard } = await import('./build-dashboard.ts');
    await buildDashboard();
    console.error(`Built the dashboard in ${((performance.now() - since) / 1_000).toFixed(1)} s`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(`The demo has no dashboard, because it could not be built: ${why}`);
  }
}
