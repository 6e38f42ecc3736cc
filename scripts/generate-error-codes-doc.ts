import { writeFileSync } from 'node:fs';
import { errorCodesPage } from './error-codes-page.ts';

writeFileSync('docs/reference/error-codes.md', errorCodesPage());
