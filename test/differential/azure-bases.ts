import { models, RESOURCE } from './deployment.ts';
import type { Deployment } from './deployment.ts';

/** Azure's address in all its spellings, with and without a version. */
export function azureBases(): Deployment[] {
  const bases = [
    '',
    '/',
    '/openai',
    '/openai/v1',
    '/openai/v1/',
    '/openai/deployments/other',
    '/openai/deployments/other/chat/completions',
  ];
  const versions = [undefined, '2024-08-01-preview', 'v1', 'latest', 'preview'];
  const asked = bases.flatMap((end) => versions.map((api_version) => ({ api_base: `${RESOURCE}${end}`, api_version })));
  return [
    ...asked.flatMap((params) =>
      models('azure/', 'prod', { title: `${params.api_base} ${params.api_version}`, params }),
    ),
    ...models('azure/', 'prod', {
      title: 'version of the environment',
      params: { api_base: RESOURCE },
      env: { AZURE_API_VERSION: '2025-01-01' },
    }),
    ...versions.flatMap((api_version) =>
      models('azure/', 'responses/prod', { title: `${api_version}`, params: { api_base: RESOURCE, api_version } }),
    ),
    ...['v1', 'preview'].flatMap((api_version) =>
      models('azure/', 'prod', {
        title: `embedding ${api_version}`,
        params: { api_base: RESOURCE, api_version },
        info: { mode: 'embedding' },
      }),
    ),
    ...models('azure/', 'responses/prod', {
      title: 'version of the environment',
      params: { api_base: RESOURCE },
      env: { AZURE_API_VERSION: '2025-01-01' },
    }),
    ...models('azure/', 'gpt-5', { title: 'preview', params: { api_base: RESOURCE, api_version: 'preview' } }),
    ...models('azure/', 'prod', {
      title: 'AD token',
      params: { api_base: RESOURCE, api_key: undefined, azure_ad_token: 'ad-token' },
    }),
  ];
}
