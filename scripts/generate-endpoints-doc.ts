import { writeFileSync } from 'node:fs';
import { openapiDocument, routeTable } from '../src/http/index.ts';
import { packageVersion } from '../src/package-version.ts';
import { endpointsPage } from './endpoints-page.ts';

const document = openapiDocument(routeTable, packageVersion());
writeFileSync('docs/reference/endpoints.md', endpointsPage());
writeFileSync('docs/reference/openapi.generated.json', `${JSON.stringify(document, null, 1)}\n`);
