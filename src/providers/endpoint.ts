import { apis } from './openai/index.ts';
import type { ProbeMode } from './wire/index.ts';
import type { VendorCall, Reachable } from './reachable.ts';
import type { FullVendor, Wire } from './vendor.ts';
import { bedrockUrl } from './bedrock/index.ts';
import { claudeUrl, vertexUrl } from './vertex/index.ts';
import { azureKeyHeaders, azureListing, azureUrl } from './azure.ts';
import { vendorOf } from './vendors.ts';

/** Where to send a request, and as whom. */
export interface Endpoint {
  readonly url: URL;
  /** Lower-case names. Secrets are in here. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The address and the credentials for one call to a target.
 *
 * @example
 * endpointOf(target, 'chat').url.href // 'https://api.openai.com/v1/chat/completions'
 */
export function endpointOf(target: Reachable, call: VendorCall): Endpoint {
  if (target.wire === 'none') throw new Error('a target without a wire is asked nothing');
  const wire = wires[target.wire];
  return {
    url: call === 'models' ? listingUrl(target, wire, vendorOf(target.provider)) : new URL(wire.url(target, call)),
    headers: requestHeadersOf(target, call),
  };
}

/** Headers of every request to an upstream; secrets are in here. */
export function requestHeadersOf(target: Reachable, call: VendorCall): Endpoint['headers'] {
  if (target.wire === 'none') return {};
  return { ...wires[target.wire].credentials(target, call), ...lowerCased(target.headers ?? {}) };
}

/** Whether the wire has a call for this mode. */
export function asksBy(wire: Wire, mode: string): mode is ProbeMode {
  if (wire === 'none') return false;
  const modes = modesOf[wire];
  return modes === undefined ? Object.hasOwn(apis, mode) : modes.includes(mode);
}

/** The modes of wires that have not all of OpenAI's. */
const modesOf: Readonly<Partial<Record<Wire, readonly string[]>>> = {
  anthropic: ['chat'],
  bedrock: ['chat', 'embedding'],
  vertex: ['chat', 'embedding'],
  'vertex-claude': ['chat'],
};

interface WireRow {
  readonly url: (target: Reachable, mode: ProbeMode) => string;
  readonly listing: (target: Reachable) => string;
  readonly credentials: (target: Reachable, call: VendorCall) => Record<string, string>;
}

const wires: Readonly<Record<Exclude<Wire, 'none'>, WireRow>> = {
  openai: {
    url: ({ apiBase }, mode) => `${apiBase}/${apis[mode]}`,
    listing: ({ apiBase }) => `${apiBase}/models`,
    credentials: ({ apiKey, organization }) => ({
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(organization === undefined ? {} : { 'openai-organization': organization }),
    }),
  },
  azure: {
    url: (target, mode) => azureUrl(target, apis[mode]),
    listing: azureListing,
    credentials: azureKeyHeaders,
  },
  anthropic: {
    url: ({ apiBase }) => `${apiBase}/messages`,
    listing: ({ apiBase }) => `${apiBase}/models?limit=1000`,
    credentials: ({ apiKey }) => ({
      'anthropic-version': '2023-06-01',
      ...(apiKey === undefined ? {} : anthropicKey(apiKey)),
    }),
  },
  // The others log in with a token or a signature; only Bedrock takes a key instead.
  bedrock: {
    url: bedrockUrl,
    listing: unlisted,
    credentials: ({ apiKey }) => (apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  },
  vertex: { url: vertexUrl, listing: unlisted, credentials: () => ({}) },
  'vertex-claude': { url: claudeUrl, listing: unlisted, credentials: () => ({}) },
};

function unlisted(): never {
  throw new Error('a wire without a list of models is not asked for one');
}

/** `listingPath` applies only at the vendor's own host; proxies have OpenAI's path. */
function listingUrl(target: Reachable, wire: WireRow, { listingPath, apiBase: own }: FullVendor): URL {
  const usual = new URL(wire.listing(target));
  const atVendor = own !== undefined && new URL(own).host === usual.host;
  return atVendor && listingPath !== undefined ? new URL(listingPath, usual) : usual;
}

/** A subscription token is sent as bearer with two more headers. */
function anthropicKey(key: string): Record<string, string> {
  if (!key.startsWith('sk-ant-oat')) return { 'x-api-key': key };
  return {
    authorization: `Bearer ${key}`,
    'anthropic-beta': 'oauth-2025-04-20',
    'anthropic-dangerous-direct-browser-access': 'true',
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
