import { mkdirSync, writeFileSync } from 'node:fs';
import { metricsPage } from './metrics-page.ts';

mkdirSync('docs/reference', { recursive: true });
writeFileSync('docs/reference/metrics.md', metricsPage());
