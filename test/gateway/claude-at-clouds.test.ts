import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { messageEvents } from '../support/translation/anthropic-wire.ts';
import { closingServers } from '../support/strict-server.ts';
import type { StrictAnswer } from '../support/strict-server.ts';
import { closingAfterEach } from './support/closing.ts';
import { asked as chatOf, attemptsOf, podAt, textOf } from './support/cloud-stand.ts';
import { KEY } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answersWell } from './support/scripted-upstream.ts';
import { CLAUDE, startAws } from './support/vendors/aws.ts';
import { chunkFrame, exceptionFrame } from './support/vendors/aws-frames.ts';
import { startGoogle } from './support/vendors/google.ts';
import { digestOf } from './support/vendors/index.ts';
import type { Vendor } from './support/vendors/index.ts';

closingServers();
const opened = closingAfterEach();

const VERTEX = '/v1/projects/the-project/locations/europe-west4/publishers/anthropic/models/claude-sonnet-4-5@20250929';
const BEDROCK = `/model/${encodeURIComponent(CLAUDE)}/invoke`;

interface Cloud {
  readonly start: () => Promise<Vendor>;
  readonly paths: readonly [whole: string, stream: string];
  readonly version: string;
}

const clouds: readonly (readonly [string, Cloud])[] = [
  [
    'Vertex AI',
    {
      start: () => startGoogle('claude'),
      paths: [`${VERTEX}:rawPredict`, `${VERTEX}:streamRawPredict`],
      version: 'vertex-2023-10-16',
    },
  ],
  [
    'Bedrock',
    {
      start: () => startAws('keys', CLAUDE),
      paths: [BEDROCK, `${BEDROCK}-with-response-stream`],
      version: 'bedrock-2023-05-31',
    },
  ],
];

const asked = { model: 'm', max_tokens: 50, messages: [{ role: 'user' as const, content: 'Grüße' }] };
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

describe.each(clouds)('Claude on %s', (cloud, { start, paths, version }) => {
  async function stand(): Promise<{ vendor: Vendor; pod: GatewayPod; client: Anthropic }> {
    const vendor = await start();
    const pod = await podAt(opened, [{ vendor }]);
    return { vendor, pod, client: new Anthropic({ baseURL: pod.url, apiKey: KEY, maxRetries: 0 }) };
  }

  it("gives Anthropic's client a message and a stream, each from an address of its own", async () => {
    const { vendor, client } = await stand();
    expect((await client.messages.create(asked)).content).toMatchObject([{ text: digestOf('Grüße') }]);
    expect(await client.messages.stream(asked).finalText()).toBe(digestOf('Grüße'));
    expect(vendor.calls().map(({ path }) => path)).toEqual(paths);
  });

  it('gets every other field of a message byte for byte', async () => {
    const { vendor, pod } = await stand();
    const rest =
      '"max_tokens" : 5e1, "messages":[{"role":"user","content":"\\u00fc \\/ {\\"model\\":1}"}],"big":12345678901234567890';
    const answer = await pod.post('/v1/messages', `{ "anthropic_version":"x",\n${rest} ,"model": "m" }`);
    expect([answer.status, vendor.calls()[0]?.body]).toEqual([
      200,
      `{"anthropic_version":"${version}",${rest.replaceAll(', "', ',"')}}`,
    ]);
  });

  it('gets the betas that a client names, where this cloud reads them', async () => {
    const { vendor, client } = await stand();
    await client.beta.messages.create({ ...asked, betas: ['one-2025-01-01', 'two-2025-01-01'] });
    const [call] = vendor.calls();
    const field: unknown = (JSON.parse(call?.body ?? '{}') as Record<string, unknown>)['anthropic_beta'];
    const inHeader = call?.headers['anthropic-beta'];
    expect([inHeader, field]).toEqual(
      cloud === 'Bedrock'
        ? [undefined, ['one-2025-01-01', 'two-2025-01-01']]
        : ['one-2025-01-01,two-2025-01-01', undefined],
    );
  });

  it('is asked for an answer by a schema with a tool', async () => {
    const { vendor, pod } = await stand();
    const format = { type: 'json_schema', json_schema: { name: 'place', schema } };
    await pod.chat('m', { ...chatOf('hi'), response_format: format });
    const sent = JSON.parse(vendor.calls()[0]?.body ?? '{}') as Record<string, unknown>;
    expect(sent).toMatchObject({ tools: [{ input_schema: schema }] });
    expect(sent).not.toHaveProperty('output_config');
  });

  it.each([
    ['/v1/messages/count_tokens', 'count_tokens'],
    ['/v1/embeddings', 'embedding'],
  ])('has no %s: 400', async (path, name) => {
    const { vendor, pod } = await stand();
    const answer = await pod.post(path, { ...asked, input: 'x' });
    const why = `have no endpoint for ${name}`;
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(why)]);
    expect(vendor.requests).toEqual([]);
  });
});

it('a wildcard puts the name that was asked for into the address', async () => {
  const vendor = await startGoogle('claude');
  const info = { health_check_model: 'vertex_ai/claude-sonnet-4-5@20250929' };
  const pod = await podAt(opened, [{ vendor, group: 'claude/*', params: { model: 'vertex_ai/claude-*' }, info }]);
  expect((await pod.chat('claude/sonnet-4-5@20250929')).status).toBe(200);
  expect(vendor.calls()[0]?.path).toBe(`${VERTEX}:rawPredict`);
});

describe("a stream in AWS' framing", () => {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [{ type: 'text', text: 'one two three, größer' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 3 },
  };
  const frames = messageEvents(message, 4).map((event) => chunkFrame(event));
  const bytes = Buffer.concat(frames);
  const half = Buffer.concat(frames.slice(0, 5));
  const streamOf = (...body: Buffer[]): StrictAnswer => ({
    status: 200,
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
    body,
  });
  const damaged = Buffer.from(bytes);
  damaged.writeUInt8(damaged.readUInt8(20) ^ 1, 20);

  async function answered(answer: StrictAnswer): Promise<{ response: Response; pod: GatewayPod; spared: number }> {
    const vendor = await startAws('keys', CLAUDE);
    vendor.behaviour.answer = () => answer;
    const spare = await opened.upstream(answersWell);
    const params = { model: 'openai/spare', api_base: spare.url, api_key: 'sk-spare' };
    const pod = await podAt(opened, [{ vendor }, { vendor: { params, env: {} } }]);
    const response = await pod.chat('m', chatOf('hi', true));
    return { response, pod, spared: spare.requests.length };
  }

  it('is read byte by byte', async () => {
    const { response } = await answered(streamOf(...Array.from(bytes, (byte) => Buffer.from([byte]))));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await textOf(response)).toBe('one two three, größer');
  });

  it.each([
    ['an exception', streamOf(exceptionFrame('throttlingException', 'Too many requests'))],
    ['a damaged message', streamOf(damaged)],
    ['no message', streamOf()],
    ['a length that is none', streamOf(Buffer.from('{"message":"not a stream at all"}'))],
  ])('that begins with %s: the request goes elsewhere', async (_what, answer) => {
    const { response, pod, spared } = await answered(answer);
    expect([response.status, spared]).toEqual([200, 1]);
    expect(await attemptsOf(pod)).toEqual({ server: 1, success: 1 });
  });

  it.each([
    ['by an exception', streamOf(half, exceptionFrame('modelStreamErrorException', 'The model failed'))],
    ['in the middle of a message', streamOf(half, bytes.subarray(half.length, half.length + 20))],
    ['between two messages', streamOf(half)],
  ])('that ends early, %s, ends with an error for the client', async (_what, answer) => {
    const { response, spared } = await answered(answer);
    const text = await response.text();
    expect([response.status, spared]).toEqual([200, 0]);
    expect(text).not.toContain('[DONE]');
    expect(text.trim().split('\n\n').at(-1)).toContain('The answer is not complete');
  });
});
