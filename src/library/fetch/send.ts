import { renameModel } from '../../providers/wire/index.ts';
import type { LibraryDeployment } from '../deployments.ts';
import type { Address } from './address.ts';
import type { CallerRequest } from './request.ts';

/** Headers that carry a credential. */
export const CREDENTIALS: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'ocp-apim-subscription-key',
  'x-auth-token',
  'proxy-authorization',
  'openai-organization',
  'openai-project',
  'cookie',
]);

/** Parameters of a query that carry a credential. */
const CREDENTIAL_PARAMETERS: ReadonlySet<string> = new Set([
  'key',
  'api_key',
  'api-key',
  'apikey',
  'access_token',
  'token',
  'subscription-key',
  'sig',
]);

/** The arguments of `fetch` for one attempt: address, headers, and the model's name of the upstream. */
export function requestFor(
  deployment: LibraryDeployment,
  { init }: CallerRequest,
  { address, group }: { readonly address: Address; readonly group: string },
): { readonly url: string; readonly init: RequestInit } {
  const headers = headersFor(deployment, init.headers, address);
  // An upstream of a fallback group is asked for that group's model.
  const fallbackModel = deployment.group === group ? undefined : deployment.call.upstreamModel;
  const model = deployment.bodyModel ?? (deployment.upstream.kind === 'llm' ? fallbackModel : undefined);
  const body = model === undefined ? init.body : withModel(init.body, model);
  const sent: RequestInit = { ...init };
  if (headers !== undefined) sent.headers = headers;
  if (body !== init.body && body !== undefined) sent.body = body;
  return { url: urlFor(deployment, address), init: sent };
}

function urlFor(deployment: LibraryDeployment, { rest, madeFor }: Address): string {
  const cut = rest.indexOf('?');
  if (cut === -1) return deployment.urlOf(rest);
  const isElsewhere = madeFor !== undefined && madeFor !== deployment.origin;
  const query = isElsewhere ? withoutCredentials(rest.slice(cut + 1)) : rest.slice(cut + 1);
  const url = deployment.urlOf(rest.slice(0, cut));
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

/** Parts that stay keep their bytes. */
function withoutCredentials(query: string): string {
  const isCredential = (part: string): boolean => {
    const [name = ''] = new URLSearchParams(part).keys();
    return CREDENTIAL_PARAMETERS.has(name.toLowerCase());
  };
  return query
    .split('&')
    .filter((part) => !isCredential(part))
    .join('&');
}

/**
 * The caller's headers with those of the upstream. A credential goes to the origin that the caller's URL names, and to no other one; with a
 * path alone, which names none, to every upstream without a key. An upstream with a key gets only that.
 */
function headersFor(
  { upstream, headers, origin }: LibraryDeployment,
  given: RequestInit['headers'],
  { madeFor }: Address,
): RequestInit['headers'] {
  const isOwn = upstream.apiKey !== undefined || (madeFor !== undefined && madeFor !== origin);
  const names = Object.keys(headers);
  if (!isOwn && names.length === 0) return undefined;
  // Where it is no object of a class, this is several times faster than Headers.
  if (isPlain(given)) return mergedHeaders(given, headers, isOwn);
  const sent = new Headers(given);
  if (isOwn) for (const name of CREDENTIALS) sent.delete(name);
  for (const name of names) sent.set(name, headers[name] ?? '');
  return sent;
}

function isPlain(given: RequestInit['headers']): given is Record<string, string> {
  return typeof given === 'object' && Object.getPrototypeOf(given) === Object.prototype;
}

function mergedHeaders(
  given: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
  isOwn: boolean,
): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const name of Object.keys(given)) {
    const lower = name.toLowerCase();
    const replaced = Object.hasOwn(own, lower) || (isOwn && CREDENTIALS.has(lower));
    if (!replaced) sent[name] = given[name] as string;
  }
  return Object.assign(sent, own);
}

type Body = RequestInit['body'];

/** Streams, and bodies without a field `model`, stay as they are. */
function withModel(body: Body, model: string): Body {
  if (typeof body === 'string') return renamed(body, model);
  if (body instanceof Uint8Array || body instanceof ArrayBuffer) {
    const text = new TextDecoder().decode(body);
    const other = renamed(text, model);
    return other === text ? body : other;
  }
  if (!(body instanceof FormData) || !body.has('model')) return body;
  const copy = new FormData();
  for (const [name, value] of body) {
    if (typeof value === 'string') copy.append(name, name === 'model' ? model : value);
    else copy.append(name, value, value.name);
  }
  return copy;
}

function renamed(body: string, model: string): string {
  const parsed = objectOf(body);
  const from = parsed?.['model'];
  if (parsed === undefined || typeof from !== 'string' || from === model) return body;
  const bytes = renameModel(Buffer.from(body), { from, to: model });
  return bytes === undefined ? JSON.stringify({ ...parsed, model }) : bytes.toString();
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
