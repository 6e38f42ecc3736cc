import { apis } from '../openai/index.ts';
import type { ProbeMode } from '../wire/index.ts';
import type { FullVendor, Wire } from './vendor.ts';
import { vendorOf } from './vendors.ts';

/** Where to send a request, and as whom. */
export interface Endpoint {
  readonly url: URL;
  /** Lower-case names. Secrets are in here. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What of a target decides where a request goes. */
export interface Reachable {
  readonly provider: string;
  readonly wire: Wire;
  readonly apiBase: string;
  readonly upstreamModel: string;
  readonly apiKey?: string;
  readonly apiVersion?: string;
  readonly organization?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call for an answer, by its mode, or for the list of models. */
export type Call = ProbeMode | 'models';

/**
 * The address and the credentials for one call to a target.
 *
 * @example
 * endpointOf(target, 'chat').url.href // 'https://api.openai.com/v1/chat/completions'
 */
export function endpointOf(target: Reachable, call: Call): Endpoint {
  const wire = wires[target.wire];
  return {
    url: call === 'models' ? listingUrl(target, vendorOf(target.provider)) : new URL(wire.url(target, call)),
    headers: { ...wire.credentials(target), ...lowerCased(target.headers ?? {}) },
  };
}

/** Whether the wire has a call for this mode. */
export function asksBy(wire: Wire, mode: string): mode is ProbeMode {
  return wire === 'anthropic' ? mode === 'chat' : Object.hasOwn(apis, mode);
}

interface WireRow {
  readonly url: (target: Reachable, mode: ProbeMode) => string;
  readonly listing: (target: Reachable) => string;
  readonly credentials: (target: Reachable) => Record<string, string>;
}

const wires: Readonly<Record<Wire, WireRow>> = {
  openai: {
    url: ({ apiBase }, mode) => `${apiBase}/${apis[mode]}`,
    listing: ({ apiBase }) => `${apiBase}/models`,
    credentials: ({ apiKey, organization }) => ({
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(organization === undefined ? {} : { 'openai-organization': organization }),
    }),
  },
  azure: {
    url: azureUrl,
    listing: (target) => versioned(target, isVersionless(target) ? 'models' : 'openai/models'),
    credentials: ({ apiKey }) => (apiKey === undefined ? {} : { 'api-key': apiKey }),
  },
  anthropic: {
    url: ({ apiBase }) => `${apiBase}/messages`,
    listing: ({ apiBase }) => `${apiBase}/models?limit=1000`,
    credentials: ({ apiKey }) => ({
      'anthropic-version': '2023-06-01',
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
    }),
  },
};

/** The path that the row names is one of the vendor's own host; whoever stands in for it has OpenAI's. */
function listingUrl(target: Reachable, { listingPath, apiBase: own }: FullVendor): URL {
  const usual = new URL(wires[target.wire].listing(target));
  const atVendor = own !== undefined && new URL(own).host === usual.host;
  return atVendor && listingPath !== undefined ? new URL(listingPath, usual) : usual;
}

// The base may be the resource, a deployment within it, or the newer API that takes the model in the body.
function azureUrl(target: Reachable, mode: ProbeMode): string {
  if (isVersionless(target)) return `${target.apiBase}/${apis[mode]}`;
  // Responses never had deployments in their path; the API without versions has them everywhere.
  if (mode === 'responses') return `${resourceOf(target)}/openai/v1/responses`;
  const named = /\/openai\/deployments\/([^/]+)/.exec(target.apiBase)?.[1];
  return versioned(target, `openai/deployments/${named ?? encodeURIComponent(target.upstreamModel)}/${apis[mode]}`);
}

function isVersionless({ apiBase }: Reachable): boolean {
  return apiBase.endsWith('/openai/v1');
}

function resourceOf({ apiBase }: Reachable): string {
  return apiBase.replace(/\/openai(\/deployments\/.*)?$/, '');
}

function versioned(target: Reachable, path: string): string {
  if (isVersionless(target)) return `${target.apiBase}/${path}`;
  const { apiVersion } = target;
  const version = apiVersion === undefined ? '' : `?api-version=${encodeURIComponent(apiVersion)}`;
  return `${resourceOf(target)}/${path}${version}`;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
