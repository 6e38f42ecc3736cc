import { renameModel } from '../../providers/wire/index.ts';
import type { LibraryDeployment } from '../deployments.ts';
import type { Address } from './address.ts';
import type { CallerRequest } from './request.ts';

/** Headers that carry a credential. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'openai-organization',
  'openai-project',
  'cookie',
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
  const body = model !== undefined && typeof init.body === 'string' ? withModel(init.body, model) : init.body;
  const sent: RequestInit = { ...init };
  if (headers !== undefined) sent.headers = headers;
  if (body !== init.body) sent.body = body as string;
  return { url: urlFor(deployment, address.rest), init: sent };
}

function urlFor(deployment: LibraryDeployment, rest: string): string {
  if (deployment.upstream.kind === 'http') return deployment.urlOf(rest);
  const query = rest.indexOf('?');
  if (query === -1) return deployment.urlOf(rest);
  const url = deployment.urlOf(rest.slice(0, query));
  return `${url}${url.includes('?') ? '&' : '?'}${rest.slice(query + 1)}`;
}

/**
 * The caller's headers with those of the upstream. A credential goes to the host that the caller's URL names, and to no other one; with a
 * path alone, which names none, to every upstream without a key. An upstream with a key gets only that.
 */
function headersFor(
  { upstream, headers, host }: LibraryDeployment,
  given: RequestInit['headers'],
  { madeFor }: Address,
): RequestInit['headers'] {
  const isOwn = upstream.apiKey !== undefined || (madeFor !== undefined && madeFor !== host);
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

/** Undefined `model` fields, and bodies that are no JSON object, stay as they are. */
function withModel(body: string, model: string): string {
  const parsed = objectOf(body);
  const from = parsed?.['model'];
  if (parsed === undefined || typeof from !== 'string' || from === model) return body;
  const renamed = renameModel(Buffer.from(body), { from, to: model });
  return renamed === undefined ? JSON.stringify({ ...parsed, model }) : renamed.toString();
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
