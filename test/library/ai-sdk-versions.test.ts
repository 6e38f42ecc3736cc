import { createOpenAI as createOpenAi2 } from 'ai-sdk-openai-v2';
import { createOpenAI as createOpenAi3 } from 'ai-sdk-openai-v3';
import * as ai5 from 'ai-v5';
import * as ai6 from 'ai-v6';
import { describe, expect, it } from 'vitest';
import { fleetMiddleware } from '../../src/ai/index.ts';
import { openai, triedOf } from '../../src/library/index.ts';
import type { FleetMember } from '../../src/library/index.ts';
import { eventServer, join, MOST_MET, twoUpstreams } from './stand.ts';

// Versions before that of ai-sdk.test.ts: their models have older interfaces, which a fleet leaves as they are.

type Models = readonly [string, string];

/** What differs between two versions. `urls` are those of the group's upstreams, in their order. */
interface Version {
  readonly generate: (fleet: FleetMember<'chat'>, urls: Models) => Promise<string>;
  readonly stream: (fleet: FleetMember<'chat'>, urls: Models) => AsyncIterable<string>;
  /** One call of the first model, watched as upstream `a`. */
  readonly watched: (fleet: FleetMember<'chat'>, urls: Models) => Promise<string>;
}

const prompt = { prompt: 'hi', maxRetries: 0 };
const group = { group: 'chat', id: 'a' } as const;

const models5 = (urls: Models) => urls.map((baseURL) => createOpenAi2({ baseURL, apiKey: 'k' }).chat('chat'));
const version5: Version = {
  generate: async (fleet, urls) =>
    (await ai5.generateText({ ...prompt, model: fleet.model('chat', models5(urls)) })).text,
  stream: (fleet, urls) => ai5.streamText({ ...prompt, model: fleet.model('chat', models5(urls)) }).textStream,
  watched: async (fleet, urls) => {
    const middleware = { middlewareVersion: 'v2', ...fleetMiddleware(fleet, group) } as const;
    return (
      await ai5.generateText({ ...prompt, model: ai5.wrapLanguageModel({ model: models5(urls)[0]!, middleware }) })
    ).text;
  },
};

const models6 = (urls: Models) => urls.map((baseURL) => createOpenAi3({ baseURL, apiKey: 'k' }).chat('chat'));
const version6: Version = {
  generate: async (fleet, urls) =>
    (await ai6.generateText({ ...prompt, model: fleet.model('chat', models6(urls)) })).text,
  stream: (fleet, urls) => ai6.streamText({ ...prompt, model: fleet.model('chat', models6(urls)) }).textStream,
  watched: async (fleet, urls) => {
    const middleware = { specificationVersion: 'v3', ...fleetMiddleware(fleet, group) } as const;
    return (
      await ai6.generateText({ ...prompt, model: ai6.wrapLanguageModel({ model: models6(urls)[0]!, middleware }) })
    ).text;
  },
};

describe.each([
  ['AI SDK 5', version5],
  ['AI SDK 6', version6],
])('a model of %s', (_, { generate, stream, watched }) => {
  it('fails over, and throws its own error with what was tried', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets });
    const urls: Models = [a.apiBase, b.apiBase];
    a.set('chat', { kind: 'status', status: 503 });
    for (let i = 0; i < 4; i += 1) expect(await generate(fleet, urls)).not.toBe('');
    expect(b.traffic('chat')).toBe(4);
    expect(a.traffic('chat')).toBeLessThanOrEqual(MOST_MET);
    b.set('chat', { kind: 'status', status: 401 });
    const error = await generate(fleet, urls).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'AI_APICallError' });
    expect(triedOf(error).length).toBeGreaterThan(0);
  });

  it('streams from another upstream where the first fails', async () => {
    const { a } = await twoUpstreams();
    const fine = await eventServer();
    a.set('chat', { kind: 'status', status: 503 });
    const urls: Models = [a.apiBase, `${fine.url}/v1`];
    const fleet = await join({
      targets: { chat: urls.map((baseUrl, at) => openai({ id: String(at), baseUrl, order: at })) },
    });
    const parts = stream(fleet, urls)[Symbol.asyncIterator]();
    const first = parts.next();
    await fine.asked();
    const choice = { index: 0, delta: { role: 'assistant', content: 'one' }, finish_reason: null };
    const chunk = { id: '1', object: 'chat.completion.chunk', created: 1, model: 'chat', choices: [choice] };
    fine.send(`data: ${JSON.stringify(chunk)}\n\n`);
    expect((await first).value).toBe('one');
  });

  it('can be watched without being changed', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets });
    a.set('chat', { kind: 'status', status: 503 });
    for (let i = 0; i < 2; i += 1) {
      await expect(watched(fleet, [a.apiBase, b.apiBase])).rejects.toMatchObject({ statusCode: 503 });
    }
    expect(fleet.state('chat').deployments[0]?.routable).toBe(false);
  });
});
