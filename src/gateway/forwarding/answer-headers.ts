import type { State } from '../../health/index.ts';
import { securityHeaders } from '../../http/index.ts';
import type { ResponseHeaders } from '../../upstream/index.ts';

/** What the headers of an answer say about its way. */
export interface AnswerFacts {
  readonly callId: string;
  /** Name of this pod for people. */
  readonly podName: string;
  /** Absent where no deployment answered. */
  readonly deployment?: {
    readonly id: string;
    readonly group: string;
    /** As written in the configuration. */
    readonly model: string;
    /** Shown to admins only. */
    readonly apiBase: string;
    readonly state: State;
    /** Age of the evidence; null while there is none. */
    readonly ageMs: number | null;
  };
  readonly attempts: number;
  readonly fallbacks: number;
  readonly showAddress: boolean;
}

/** Names of ours and of the connection that an upstream's answer must not set. */
const NOT_PASSED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'content-type',
  'content-encoding',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'set-cookie',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Name of the pod that answered, in every answer of the byte path. */
export const POD_HEADER = 'x-allswell-pod';

/** LiteLLM's prefix for the headers of an upstream. Made once for each name: there are few. */
const prefixed = new Map<string, string>();
const MAX_NAMES = 1_000;

/** Headers to send, as `writeHead` takes them. */
export type AnswerHeaders = Record<string, string | number | string[]>;

/** Headers of the client's answer: LiteLLM's, ours, and the upstream's own under LiteLLM's prefix. */
export function answerHeaders(facts: AnswerFacts, upstream: ResponseHeaders): AnswerHeaders {
  const headers = ownHeaders(facts);
  addSecurityHeaders(headers);
  const type = upstream['content-type'];
  if (type !== undefined) headers['content-type'] = type;
  const encoding = upstream['content-encoding'];
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  for (const name in upstream) {
    const value = upstream[name];
    if (value === undefined || NOT_PASSED.has(name)) continue;
    headers[prefixedName(name)] = value;
    // OpenAI's clients read these under their own names.
    if (name.startsWith('x-ratelimit-')) headers[name] = value;
  }
  return headers;
}

/** The headers of an answer that no upstream gave. */
export function ownHeaders({
  callId,
  podName,
  deployment,
  attempts,
  fallbacks,
  showAddress,
}: AnswerFacts): AnswerHeaders {
  const headers: AnswerHeaders = {
    'x-litellm-call-id': callId,
    'x-litellm-attempted-retries': Math.max(0, attempts - 1 - fallbacks),
    'x-litellm-attempted-fallbacks': fallbacks,
    'x-allswell-attempts': attempts,
    [POD_HEADER]: podName,
  };
  if (deployment === undefined) return headers;
  headers['x-litellm-model-id'] = deployment.id;
  headers['x-litellm-model-group'] = deployment.group;
  headers['x-allswell-deployment'] = deployment.id;
  headers['x-allswell-state'] = deployment.state;
  if (deployment.ageMs !== null) headers['x-allswell-age-ms'] = Math.round(deployment.ageMs);
  if (showAddress) {
    headers['x-litellm-model-name'] = deployment.model;
    headers['x-litellm-model-api-base'] = deployment.apiBase;
  }
  return headers;
}

/** Adds what every answer carries. Here and not by `setHeader`, after which Node writes all headers one by one. */
export function addSecurityHeaders(headers: AnswerHeaders): void {
  for (const [name, value] of securityHeaders) headers[name] = value;
}

function prefixedName(name: string): string {
  const known = prefixed.get(name);
  if (known !== undefined) return known;
  const made = `llm_provider-${name}`;
  if (prefixed.size < MAX_NAMES) prefixed.set(name, made);
  return made;
}
