import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { openAiApi } from './support/openai-api.ts';

// OpenTelemetry's own SDK in the process of the pod, as an operator would load it.

const opened = closingAfterEach();
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();

beforeEach(() => exporter.reset());
afterAll(async () => await provider.shutdown());

const [TRACE, CALLER] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
const fromCaller = { headers: { traceparent: `00-${TRACE}-${CALLER}-01` } };

/** The spans of one request: its own ends last. */
async function spans(): Promise<{ attempts: readonly ReadableSpan[]; request: ReadableSpan }> {
  const all = await until(
    () => (exporter.getFinishedSpans().some(isRequest) ? exporter.getFinishedSpans() : undefined),
    {
      withinMs: 5_000,
      what: 'the span of the request',
    },
  );
  return { attempts: all.filter((one) => !isRequest(one)), request: all.find(isRequest)! };
}

function isRequest({ attributes }: ReadableSpan): boolean {
  return 'allswell.call_id' in attributes;
}

describe('spans of a request', () => {
  it('are a server span in the trace of the caller, and a client span of the attempt, with model, tokens and address', async () => {
    const upstream = await opened.upstream(openAiApi);
    const pod = await opened.pod(`model_list:\n${deployment('group', upstream.url, { info: 'id: one' })}`);
    const answer = await pod.chat('group', {}, fromCaller);
    expect(answer.status).toBe(200);
    const { attempts, request } = await spans();
    expect(request.spanContext().traceId).toBe(TRACE);
    expect(request.parentSpanContext?.spanId).toBe(CALLER);
    expect([request.name, request.kind]).toEqual(['chat group', 1]);
    expect(request.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'group',
      'gen_ai.request.stream': false,
      'allswell.call_id': answer.headers.get('x-litellm-call-id'),
      'allswell.outcome': 'answered',
      'allswell.group': 'group',
      'allswell.attempts': 1,
      'http.response.status_code': 200,
    });
    expect(attempts).toHaveLength(1);
    const [attempt] = attempts;
    expect(attempt?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect([attempt?.name, attempt?.kind]).toEqual(['chat upstream-model', 2]);
    expect(attempt?.attributes).toMatchObject({
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'upstream-model',
      'gen_ai.usage.input_tokens': expect.any(Number) as number,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(upstream.url).port),
      'allswell.deployment': 'one',
      'allswell.attempt': 1,
    });
  });

  it('show each attempt of a failover, with the class of its failure', async () => {
    const good = await opened.upstream(openAiApi);
    const bad = await opened.upstream((response) => void response.writeHead(500).end('{}'));
    const first = deployment('group', bad.url, { params: 'order: 1', info: 'id: bad' });
    const second = deployment('group', good.url, { params: 'order: 2', info: 'id: good' });
    const pod = await opened.pod(`model_list:\n${first}${second}router_settings: { num_retries: 2 }\n`);
    expect((await pod.chat('group')).status).toBe(200);
    const { attempts, request } = await spans();
    expect(request.attributes).toMatchObject({ 'allswell.attempts': 2, 'http.response.status_code': 200 });
    expect(attempts.map(({ attributes }) => [attributes['allswell.deployment'], attributes['error.type']])).toEqual([
      ['bad', 'server'],
      ['good', undefined],
    ]);
    expect(attempts[0]?.attributes['http.response.status_code']).toBe(500);
  });

  it('have no part of a prompt, an answer or a key', async () => {
    const upstream = await opened.upstream(openAiApi);
    const pod = await opened.pod(`model_list:\n${deployment('group', upstream.url)}`);
    const messages = [{ role: 'user', content: 'a secret prompt' }];
    await (await pod.post('/v1/chat/completions', { model: 'group', messages })).text();
    await spans();
    const all = JSON.stringify(
      exporter.getFinishedSpans().map(({ name, attributes, events }) => [name, attributes, events]),
    );
    for (const secret of ['a secret prompt', KEY, 'sk-upstream']) expect(all).not.toContain(secret);
  });
});
