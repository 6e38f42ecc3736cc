import { expect, it } from 'vitest';
import { azure, openai } from '../../src/library/index.ts';
import { fakeFleet, scriptedFetch } from '../../src/testing/index.ts';
import { chat, join } from './stand.ts';

it('a scripted upstream lets an application test what happens when one fails', async () => {
  const upstream = scriptedFetch();
  const fleet = await join({
    fetch: upstream.fetch,
    targets: {
      chat: [
        openai({ apiKey: 'k', order: 1 }),
        azure({ endpoint: 'https://r.openai.azure.com', deployment: 'prod', apiKey: 'l', order: 2 }),
      ],
    },
  });
  for (const answer of ['reset', 503, { status: 429, body: {}, headers: { 'retry-after': '60' } }] as const) {
    upstream.set('https://api.openai.com', answer);
    expect((await chat(fleet.fetch('chat'))).status).toBe(200);
  }
  expect(upstream.requests('https://r.openai.azure.com')).toHaveLength(3);
  expect(upstream.requests('https://r.openai.azure.com')[0]).toMatchObject({
    url: 'https://r.openai.azure.com/openai/deployments/prod/chat/completions?api-version=2025-02-01-preview',
    headers: { 'api-key': 'l' },
    body: expect.stringContaining('"model":"prod"'),
  });
  expect(upstream.requests('https://r.openai.azure.com')[0]?.headers).not.toHaveProperty('authorization');
});

it('a fake fleet has the states that a test sets', () => {
  const fleet = fakeFleet({ chat: ['openai', 'azure'] });
  const seen: string[] = [];
  fleet.on('change', ({ deployment, before, state }) => seen.push(`${deployment}: ${before} → ${state}`));
  expect(fleet.pick('chat').id).toBe('openai');
  fleet.set('chat', 'openai', 'down');
  expect(fleet.pick('chat').id).toBe('azure');
  expect(fleet.state('chat')).toMatchObject({ state: 'up', routable: true });
  fleet.set('chat', 'azure', 'suspect');
  expect(fleet.state('chat').routable).toBe(false);
  fleet.report(fleet.pick('chat'), { ok: false, status: 503 });
  expect(fleet.reports).toEqual([{ group: 'chat', id: 'openai', outcome: { ok: false, status: 503 } }]);
  expect(seen).toEqual(['openai: up → down', 'azure: up → suspect']);
});
