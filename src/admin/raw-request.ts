import type { TargetConfig } from '../config/index.ts';

/**
 * What was asked, with LiteLLM's keys. Prompt and headers stay empty: the one may be private, the others hold the
 * credential, of which LiteLLM shows the ends.
 */
export function rawRequest(
  target: TargetConfig | undefined,
  redact: (text: string) => string,
): Readonly<Record<string, unknown>> {
  return {
    raw_request_api_base: redact(`${target?.apiBase ?? ''}/`),
    raw_request_body: target === undefined ? {} : bodyOf(target),
    raw_request_headers: {},
    error: null,
  };
}

function bodyOf({ mode, level, upstreamModel, maxTokens }: TargetConfig): Readonly<Record<string, unknown>> {
  if (level !== 'inference') return {};
  const limit = maxTokens === undefined ? {} : { max_tokens: maxTokens };
  switch (mode) {
    case 'chat':
      return { model: upstreamModel, messages: [], ...limit, extra_body: {} };
    case 'completion':
      return { model: upstreamModel, prompt: '', ...limit, extra_body: {} };
    case 'embedding':
      return { model: upstreamModel, input: [], extra_body: {} };
    case 'other':
      return {};
  }
}
