import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, TextMapGetter, Tracer } from '@opentelemetry/api';
import type { AttemptSpan, RequestSpan, RequestTracing, TracedAttempt, TracedRequest } from '../ports/index.ts';

/**
 * Spans through the API of OpenTelemetry, with the semantic conventions for generative AI. This package brings no SDK:
 * without one that the operator loads, nothing is recorded. No span has a part of a prompt, an answer or a key.
 */
export function createRequestTracing(version: string): RequestTracing {
  const tracer = trace.getTracer('allswell', version);
  return { begin: (request) => begin(tracer, request) };
}

type HeaderOf = TracedRequest['header'];

const traceHeaders: TextMapGetter<HeaderOf> = {
  get: (headerOf, name) => headerOf(name),
  keys: () => [],
};

function begin(tracer: Tracer, { api, model, stream, callId, header }: TracedRequest): RequestSpan | undefined {
  const active = context.active();
  // An instrumentation of node:http has begun the span of the server, and has read the headers.
  const isInstrumented = trace.getSpan(active) !== undefined;
  const parent = isInstrumented ? active : propagation.extract(active, header, traceHeaders);
  const operation = operations[api] ?? api;
  const span = tracer.startSpan(
    `${operation} ${model}`,
    {
      kind: isInstrumented ? SpanKind.INTERNAL : SpanKind.SERVER,
      attributes: {
        'gen_ai.operation.name': operation,
        'gen_ai.request.model': model,
        'gen_ai.request.stream': stream,
        'allswell.call_id': callId,
      },
    },
    parent,
  );
  if (!span.isRecording()) return undefined;
  const inside = trace.setSpan(parent, span);
  return {
    attempt: (attempt) => attemptSpan(tracer, attempt, { operation, inside }),
    end: ({ outcome, status, group, attempts }) => {
      span.setAttributes({
        'http.response.status_code': status,
        'allswell.outcome': outcome,
        'allswell.group': group,
        'allswell.attempts': attempts,
      });
      if (status >= 500) fail(span, String(status));
      span.end();
    },
  };
}

function attemptSpan(
  tracer: Tracer,
  { deployment, provider, model, origin, number, why }: TracedAttempt,
  { operation, inside }: { operation: string; inside: Context },
): AttemptSpan {
  const attributes: Attributes = {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': providers[provider] ?? provider,
    'gen_ai.request.model': model,
    ...addressOf(origin),
    'allswell.deployment': deployment,
    'allswell.attempt': number,
    'allswell.why': why,
  };
  const span = tracer.startSpan(`${operation} ${model}`, { kind: SpanKind.CLIENT, attributes }, inside);
  return {
    end: ({ result, status, firstByteMs, tokens }) => {
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (firstByteMs !== undefined) span.setAttribute('allswell.first_byte_ms', Math.round(firstByteMs));
      if (tokens !== undefined) {
        span.setAttributes({ 'gen_ai.usage.input_tokens': tokens.input, 'gen_ai.usage.output_tokens': tokens.output });
      }
      if (result !== 'success' && result !== 'neutral') fail(span, result);
      span.end();
    },
  };
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function addressOf(origin: string): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  const usual = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}

/** The conventions' names of what is asked for; others have our own name. */
const operations: Readonly<Record<string, string>> = {
  chat: 'chat',
  messages: 'chat',
  responses: 'chat',
  completion: 'text_completion',
  embedding: 'embeddings',
};

/** The conventions' names of providers; others have LiteLLM's name. */
const providers: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  azure_ai: 'azure.ai.inference',
  bedrock: 'aws.bedrock',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
  vertex_ai: 'gcp.vertex_ai',
  watsonx: 'ibm.watsonx.ai',
  xai: 'x_ai',
};
