import { writeFileSync } from 'node:fs';
import { mutationsPage } from '../test/mutations/page.ts';

writeFileSync('test/mutations/README.md', mutationsPage());
