import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText, wrapLanguageModel } from 'ai';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { fleetMiddleware, fleetProvider } from '../../src/ai/index.ts';
import { openai, triedOf } from '../../src/library/index.ts';
import { chunk, eventServer, join, twoUpstreams, MOST_MET } from './stand.ts';
import type { TwoUpstreams } from './stand.ts';

function modelsOf({ a, b }: TwoUpstreams): ReturnType<ReturnType<typeof createOpenAI>['chat']>[] {
  return [a, b].map(({ apiBase }) => createOpenAI({ baseURL: apiBase, apiKey: 'k' }).chat('chat'));
}

describe('a model of the AI SDK', () => {
  it('fails over, and is a model of the same type', async () => {
    const two = await twoUpstreams();
    const fleet = await join({ targets: two.targets });
    const models = modelsOf(two);
    const model = fleet.model('chat', models);
    expectTypeOf(model).toEqualTypeOf(models[0]!);
    two.a.set('chat', { kind: 'status', status: 503 });
    for (let i = 0; i < 4; i += 1) {
      expect((await generateText({ model, prompt: 'hi', maxRetries: 0 })).text).not.toBe('');
    }
    expect(two.b.traffic('chat')).toBe(4);
    expect(two.a.traffic('chat')).toBeLessThanOrEqual(MOST_MET);
  });

  it("throws the SDK's own error, with what was tried", async () => {
    const two = await twoUpstreams();
    const fleet = await join({ targets: two.targets, routing: { retries: 1 } });
    for (const one of [two.a, two.b]) one.set('chat', { kind: 'status', status: 401 });
    const model = fleet.model('chat', modelsOf(two));
    const error = await generateText({ model, prompt: 'hi', maxRetries: 0 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'AI_APICallError', statusCode: 401 });
    expect(triedOf(error)).toHaveLength(2);
  });

  it('streams, and fails over where a stream begins with an error', async () => {
    const [broken, fine] = [await eventServer(), await eventServer()];
    const targets = {
      chat: [broken, fine].map(({ url }, at) => openai({ id: String(at), baseUrl: `${url}/v1`, order: at })),
    };
    const fleet = await join({ targets });
    const models = [broken, fine].map(({ url }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'k' }).chat('chat'));
    const { textStream } = streamText({ model: fleet.model('chat', models), prompt: 'hi', maxRetries: 0 });
    const parts = textStream[Symbol.asyncIterator]();
    const first = parts.next();
    await broken.asked();
    broken.send(
      `data: ${JSON.stringify({ error: { message: 'no capacity', type: 'server_error', code: null, param: null } })}\n\n`,
    );
    await fine.asked();
    fine.send(`data: ${chunk('one')}\n\n`);
    expect((await first).value).toBe('one');
    fine.send(`data: ${chunk('two')}\n\n`);
    expect((await parts.next()).value).toBe('two');
  });

  it('stays in its group, whose models it was given', async () => {
    const two = await twoUpstreams();
    const targets = { chat: two.targets.chat.slice(0, 1), spare: two.targets.chat.slice(1) };
    const fleet = await join({ targets, routing: { fallbacks: { chat: ['spare'] }, retries: 0 } });
    two.a.set('chat', { kind: 'status', status: 503 });
    const model = fleet.model('chat', modelsOf(two).slice(0, 1));
    const error = await generateText({ model, prompt: 'hi', maxRetries: 0 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ statusCode: 503 });
    expect(triedOf(error)).toMatchObject([{ group: 'chat', outcome: 'server' }]);
    expect(fleet.state('spare').routable).toBe(true);
  });

  it('comes from a provider by the name of its group', async () => {
    const two = await twoUpstreams();
    const fleet = await join({ targets: two.targets });
    const provider = fleetProvider(fleet, { chat: modelsOf(two) });
    expect((await generateText({ model: provider('chat'), prompt: 'hi' })).text).not.toBe('');
    // @ts-expect-error -- the type knows the groups
    expect(() => provider('other')).toThrow('there is no group "other"');
  });

  it('needs one model for each upstream', async () => {
    const two = await twoUpstreams();
    const fleet = await join({ targets: two.targets });
    expect(() => fleet.model('chat', modelsOf(two).slice(1))).toThrow('has 2 upstreams and was given 1 models');
  });

  it('can be watched without being changed', async () => {
    const two = await twoUpstreams();
    const fleet = await join({ targets: two.targets });
    two.a.set('chat', { kind: 'status', status: 503 });
    const [first] = modelsOf(two);
    const model = wrapLanguageModel({
      model: first!,
      middleware: { specificationVersion: 'v4', ...fleetMiddleware(fleet, { group: 'chat', id: 'a' }) },
    });
    for (let i = 0; i < 2; i += 1) {
      await expect(generateText({ model, prompt: 'hi', maxRetries: 0 })).rejects.toMatchObject({ statusCode: 503 });
    }
    expect(fleet.state('chat').deployments[0]?.routable).toBe(false);
  });
});
