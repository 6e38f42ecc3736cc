import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { configJsonSchema } from '../src/config/docs/json-schema.ts';
import { openapiDocument } from '../src/http/index.ts';
import { routeTable } from '../src/server/http/route-table.ts';
import { packageVersion } from '../src/package-files.ts';
import { mutationsPage } from '../test/mutations/page.ts';
import { cliPage } from './cli-page.ts';
import { configPage } from './config-page.ts';
import { endpointsPage } from './endpoints-page.ts';
import { errorCodesPage } from './error-codes-page.ts';
import { helmValuesSchema } from './helm-values-schema.ts';
import { grafanaBoard } from './grafana-board.ts';
import { litellmSettingsPage } from './litellm-settings-page.ts';
import { luaModule } from './lua-module.ts';
import { metricsPage } from './metrics-page.ts';
import { providersPage } from './providers-page.ts';

// Writes every generated file. With --check, writes none and fails where one differs from what its sources make.

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** Made on purpose only: npm run model-facts. */
const FROM_LITELLM = ['model-facts.generated.ts', 'provider-speech.generated.ts'];

const generated: Readonly<Record<string, () => string>> = {
  'deploy/grafana/allswell.json': () => json(grafanaBoard()),
  'src/store/redis/scripts.generated.ts': luaModule,
  'deploy/helm/allswell/values.schema.json': () => `${JSON.stringify(helmValuesSchema())}\n`,
  'docs/reference/cli.md': cliPage,
  'docs/reference/config.schema.generated.json': () => json(configJsonSchema()),
  'docs/reference/configuration.md': configPage,
  'docs/reference/endpoints.md': endpointsPage,
  'docs/reference/error-codes.md': errorCodesPage,
  'docs/reference/litellm-settings.md': litellmSettingsPage,
  'docs/reference/metrics.md': metricsPage,
  'docs/reference/openapi.generated.json': () => json(openapiDocument(routeTable, packageVersion())),
  'docs/reference/providers.md': providersPage,
  'test/mutations/README.md': mutationsPage,
};

const checking = process.argv.includes('--check');
const outdated = Object.entries(generated).flatMap(([path, make]) => {
  const text = make();
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return [];
  if (!checking) writeFileSync(path, text);
  return [path];
});
if (checking) for (const path of outdated) console.error(`${path} is out of date: run npm run generate, and commit it`);
else for (const path of outdated) console.log(`wrote ${path}`);
const unknown = globSync('{src,docs,test}/**/*.generated.*').filter(
  (path) => !(path in generated) && !FROM_LITELLM.some((name) => path.endsWith(name)),
);
for (const path of unknown) console.error(`${path} is made by no entry of scripts/generate.ts`);
if ((checking && outdated.length > 0) || unknown.length > 0) process.exitCode = 1;
else console.log(`${Object.keys(generated).length} generated files are up to date`);
