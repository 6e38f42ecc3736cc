import { writeFileSync } from 'node:fs';
import { cliPage } from './cli-page.ts';

writeFileSync('docs/reference/cli.md', cliPage());
