import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cliPage } from '../../scripts/cli-page.ts';
import { configPage } from '../../scripts/config-page.ts';
import { endpointsPage } from '../../scripts/endpoints-page.ts';
import { errorCodesPage } from '../../scripts/error-codes-page.ts';
import { litellmSettingsPage } from '../../scripts/litellm-settings-page.ts';
import { providersPage } from '../../scripts/providers-page.ts';
import { errorRegistry } from '../../src/errors.ts';
import { vendors } from '../../src/providers/index.ts';

it.each([
  { page: 'configuration.md', make: configPage },
  { page: 'litellm-settings.md', make: litellmSettingsPage },
  { page: 'endpoints.md', make: endpointsPage },
  { page: 'error-codes.md', make: errorCodesPage },
  { page: 'cli.md', make: cliPage },
  { page: 'providers.md', make: providersPage },
])(
  'docs/reference/$page is what npm run generate makes of the code',
  ({ page, make }) => {
    expect(readFileSync(`docs/reference/${page}`, 'utf8')).toBe(make());
    // The page of the CLI is made of 40 processes.
  },
  120_000,
);

it('explains every error code', () => {
  const page = readFileSync('docs/reference/error-codes.md', 'utf8');
  for (const code of Object.keys(errorRegistry)) expect(page).toContain(`\n## ${code}\n\n`);
});

it.each(['README.md', 'CHANGELOG.md'])('%s counts the providers as the table has them', (page) => {
  const [, count] = /\b(\d+) (?:providers\]|providers by name)/.exec(readFileSync(page, 'utf8')) ?? [];
  expect(Number(count)).toBe(Object.keys(vendors).length);
});
