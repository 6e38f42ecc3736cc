import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeTarget } from '../config/index.ts';
import type { ProbeAdaptation } from '../health/index.ts';
import type { Prober, ProbeResult } from '../ports/index.ts';
import { genaiPrices } from '../providers/pricing/index.ts';
import { exampleTarget, noLogins, realClock } from '../testing/index.ts';
import { createTransport } from '../upstream/index.ts';
import type { Transport } from '../upstream/index.ts';
import { adaptationFor, applies } from './adapt.ts';
import { httpProber } from './index.ts';

type Body = Record<string, unknown>;
type Answer = readonly [status: number, body: unknown];

let server: Server;
let transport: Transport;
let bodies: Body[];
/** How the upstream answers a body. */
let answer: (body: Body) => Answer;
beforeEach(async () => {
  bodies = [];
  transport = createTransport({ clock: realClock() });
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
    request.on('end', () => {
      const body = JSON.parse(text) as Body;
      bodies.push(body);
      const [status, answered] = answer(body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answered));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await transport.close();
  await new Promise((resolve) => void server.close(resolve));
});

const good: Answer = [200, { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'hi' } }] }];
const refusal = (param: string): Answer => [400, { error: { message: `Unsupported parameter: '${param}'.`, param } }];
const refuses =
  (...names: string[]) =>
  (body: Body): Answer => {
    const found = names.find((name) => name in body);
    return found === undefined ? good : refusal(found);
  };

function proberOf(changes: Partial<ProbeTarget> = {}): (adaptation?: ProbeAdaptation) => Promise<ProbeResult> {
  const { port } = server.address() as AddressInfo;
  const target = exampleTarget({ apiBase: `http://127.0.0.1:${port}/v1`, ...changes });
  const prober: Prober = httpProber({
    targets: () => target,
    clock: realClock(),
    random: { next: () => 0, id: () => '' },
    prices: genaiPrices(),
    transport,
    logins: noLogins,
    version: '1.2.3',
  });
  return async (adaptation) => await prober.probe(target.id, 'inference', new AbortController().signal, adaptation);
}

describe('a probe that the upstream refuses for a parameter', () => {
  it('is asked once more with the limit under its other name, and begins so in a pod that knows of it', async () => {
    answer = refuses('max_tokens');
    const probe = proberOf();
    const adapted = { parameter: 'max_tokens', renamedTo: 'max_completion_tokens' };
    const first = await probe();
    expect(first).toMatchObject({ outcome: { kind: 'ok' }, adapted });
    expect(bodies.map(({ max_tokens: old, max_completion_tokens: newer }) => [old, newer])).toEqual([
      [16, undefined],
      [undefined, 16],
    ]);
    expect(await proberOf()(first.adapted)).toMatchObject({ outcome: { kind: 'ok' }, adapted });
    expect(bodies).toHaveLength(3);
  });

  it('is asked once more without any other parameter', async () => {
    answer = refuses('reasoning_effort');
    expect(await proberOf({ reasoningEffort: 'low' })()).toMatchObject({
      outcome: { kind: 'ok' },
      adapted: { parameter: 'reasoning_effort' },
    });
    expect(bodies[1]).not.toHaveProperty('reasoning_effort');
  });

  it('stays refused after two, and says what the upstream said first', async () => {
    answer = refuses('max_tokens', 'max_completion_tokens');
    const result = await proberOf()();
    expect(result.outcome).toMatchObject({
      failure: { class: 'bad-probe', message: "Unsupported parameter: 'max_tokens'." },
    });
    expect(result.adapted).toBeUndefined();
    expect(bodies).toHaveLength(2);
  });

  it('is asked once where the upstream names nothing that a probe can do without', async () => {
    answer = () => refusal('messages');
    expect((await proberOf()()).outcome).toMatchObject({ failure: { class: 'bad-probe' } });
    expect(bodies).toHaveLength(1);
  });

  it('counts as what the second answer says of the target', async () => {
    answer = (body) => ('max_tokens' in body ? refusal('max_tokens') : [500, { error: { message: 'down' } }]);
    expect(await proberOf()()).toMatchObject({
      outcome: { failure: { class: 'server', status: 500 } },
      adapted: { parameter: 'max_tokens' },
    });
  });

  it('forgets the adaptation once the upstream takes the body as it is again', async () => {
    answer = refuses('max_tokens');
    const { adapted } = await proberOf()();
    answer = refuses('max_completion_tokens');
    const second = await proberOf()(adapted);
    expect(second).toMatchObject({ outcome: { kind: 'ok' } });
    expect(second.adapted).toBeUndefined();
    expect(bodies.at(-1)).toMatchObject({ max_tokens: 16 });
  });

  it.each([
    ['another limit', { maxTokens: 32 }],
    ['a parameter more', { healthCheckParams: { temperature: 0 } }],
    ['another version of the API', { apiVersion: '2026-01-01' }],
  ])('begins with the body as it is once the configuration asks with %s', async (_what, changes) => {
    answer = refuses('max_tokens');
    const { adapted } = await proberOf()();
    bodies = [];
    const again = await proberOf(changes)(adapted);
    expect(bodies.map((body) => Object.keys(body).filter((key) => key.startsWith('max_')))).toEqual([
      ['max_tokens'],
      ['max_completion_tokens'],
    ]);
    expect(again.adapted?.bodyHash).not.toBe(adapted?.bodyHash);
  });

  it('tells nothing of a secret among its parameters in the hash of its body', async () => {
    answer = refuses('max_tokens');
    const hashes = ['one', 'two'].map(
      async (value) => (await proberOf({ healthCheckParams: { api_key: value } })()).adapted?.bodyHash,
    );
    const [one, two] = await Promise.all(hashes);
    expect(one).toBe(two);
  });
});

describe('fault: an error other than a refusal of the body is asked again', () => {
  it.each([401, 403, 404, 408, 429, 500, 503])('%i is asked once', async (status) => {
    answer = () => [status, { error: { message: "'max_tokens' is not supported", param: 'max_tokens' } }];
    expect((await proberOf()()).adapted).toBeUndefined();
    expect(bodies).toHaveLength(1);
  });
});

describe('a change that stands in a record', () => {
  const adaptation = { parameter: 'max_tokens', renamedTo: 'max_completion_tokens', bodyHash: 'h' };

  it('is made where it belongs to this body', () => expect(applies(adaptation, 'h')).toBe(true));

  it.each<[string, ProbeAdaptation]>([
    ['for another body', { ...adaptation, bodyHash: 'other' }],
    ['that drops the limit', { parameter: 'max_tokens', bodyHash: 'h' }],
    ['that drops the limit that has no other name', { parameter: 'max_output_tokens', bodyHash: 'h' }],
    ['that gives the limit a name of its own', { ...adaptation, renamedTo: 'x' }],
    ['that drops the question', { parameter: 'messages', bodyHash: 'h' }],
  ])('is not made %s', (_what, change) => expect(applies(change, 'h')).toBe(false));
});

describe('which parameter is refused', () => {
  const body = { model: 'm', messages: [], max_tokens: 16, temperature: 0, user: 'u' };
  const named = (text: unknown, status = 400): unknown =>
    adaptationFor(body, {
      status,
      headers: {},
      extent: 'whole',
      text: typeof text === 'string' ? text : JSON.stringify(text),
    });

  it.each([
    ['OpenAI', { error: { message: 'no', param: 'temperature' } }, { parameter: 'temperature' }],
    ['FastAPI', { detail: [{ loc: ['body', 'user'], msg: 'Extra inputs are not permitted' }] }, { parameter: 'user' }],
    [
      'Anthropic',
      { type: 'error', error: { message: '`temperature` is deprecated for this model.' } },
      { parameter: 'temperature' },
    ],
    [
      'words',
      { message: 'max_tokens is not supported' },
      { parameter: 'max_tokens', renamedTo: 'max_completion_tokens' },
    ],
    ['text alone', { error: "Unrecognized request argument supplied: 'user'" }, { parameter: 'user' }],
  ])('%s tells it', (_who, text, expected) => expect(named(text)).toEqual(expected));

  it.each([
    ['a word of a sentence', { error: { message: 'the user is not known, raise the temperature' } }],
    ['a longer name', { error: { message: 'max_tokens_total is not supported' } }],
    ['what a probe cannot do without', { error: { message: "'model' is wrong", param: 'model' } }],
    ['no JSON', 'max_tokens is not supported'],
  ])('%s is none', (_what, text) => expect(named(text)).toBeUndefined());

  it('is asked of refusals alone', () => expect(named({ error: { param: 'user' } }, 404)).toBeUndefined());
});
