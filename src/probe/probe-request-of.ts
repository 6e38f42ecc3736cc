import type { ProbeTarget } from '../config/index.ts';
import { isSecretName } from '../redaction/index.ts';
import type { JsonBody } from '../providers/wire/index.ts';
import { dialects } from './dialects.ts';
import { questionOf } from './question.ts';

/** What `/health` shows of a failed probe, under LiteLLM's names. */
export interface ShownProbeRequest {
  readonly raw_request_api_base: string;
  readonly raw_request_body: JsonBody;
  readonly raw_request_headers: Readonly<Record<string, string>>;
  readonly error: null;
}

/** The probe of a target, fit to be shown: no headers, no prompt, no user in the URL, no value under a secret's name. */
export function probeRequestOf(target: ProbeTarget): ShownProbeRequest {
  return {
    raw_request_api_base: shownUrl(target.apiBase),
    raw_request_body: withoutSecrets(bodyOf(target)) as JsonBody,
    raw_request_headers: {},
    error: null,
  };
}

// What is never asked for an answer has only its name to show.
function bodyOf(target: ProbeTarget): JsonBody {
  const { mode, wire } = target;
  if (mode === 'other' || wire === 'none') return { ...target.healthCheckParams, model: target.upstreamModel };
  return dialects[wire].bodyOf(questionOf(target, mode, ''));
}

function shownUrl(apiBase: string): string {
  if (!URL.canParse(apiBase)) return '';
  const { protocol, host, pathname } = new URL(apiBase);
  return `${protocol}//${host}${pathname.replace(/\/*$/, '/')}`;
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isSecretName(name) ? '***' : withoutSecrets(inner)]),
  );
}
