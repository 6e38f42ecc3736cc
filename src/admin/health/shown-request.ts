import type { TargetId } from '../../health/index.ts';

/** What a probe of a target asks, fit to be shown: without prompt, headers and credentials. */
export type ShowRequest = (target: TargetId) => ShownRequest | undefined;

export interface ShownRequest {
  readonly raw_request_api_base: string;
  readonly raw_request_body: Readonly<Record<string, unknown>>;
  readonly raw_request_headers: Readonly<Record<string, string>>;
  readonly error: null;
}

/** The same with LiteLLM's keys in LiteLLM's order. */
export function rawRequest(shown: ShownRequest | undefined): ShownRequest | Record<string, never> {
  if (shown === undefined) return {};
  const { model, messages, ...rest } = shown.raw_request_body;
  const body = {
    ...(model !== undefined && { model }),
    ...(messages !== undefined && { messages }),
    ...rest,
    extra_body: {},
  };
  return { ...shown, raw_request_body: body };
}
