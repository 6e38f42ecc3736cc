import { vendorBase, vendorOf } from '../providers/index.ts';
import type { Wire } from '../providers/index.ts';

/** One place that can serve a group: made by {@link openai}, {@link azure}, {@link anthropic}, {@link vendor} or {@link http}. */
export interface LibraryUpstream {
  /** `llm`: errors are read as those of an LLM API. `http`: any HTTP API; only 408, 429 and 5xx count as failures. */
  readonly kind: 'llm' | 'http';
  readonly provider: string;
  readonly wire: Wire;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** The model's name there; undefined: that of the group, and bodies of requests stay as they are. */
  readonly model?: string;
  /** Undefined: the credentials of the caller's own request are sent. */
  readonly apiKey?: string;
  readonly apiVersion?: string;
  readonly organization?: string;
  /** Sent with each request; they win over the caller's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Part of the group's requests relative to others; 1 unless given. */
  readonly weight?: number;
  /** Upstreams with a lower number go first; those with a higher one serve while none of the lower ones is routable. */
  readonly order?: number;
  /** Name in reports, unique within the group. `provider/model` unless given; of `http`: the host. */
  readonly id?: string;
  /** Kind of the model as in LiteLLM's `mode`: part of the identity that is shared with gateways. Unless given `chat`; of `http`: `http`. */
  readonly mode?: string;
}

/** Settings that all upstreams share. */
export type CommonSettings = Pick<LibraryUpstream, 'headers' | 'weight' | 'order' | 'id' | 'mode'>;

/** Settings of {@link openai} and {@link vendor}. */
export interface OpenAiSettings extends CommonSettings {
  readonly apiKey?: string | undefined;
  /** The name of the group unless given. */
  readonly model?: string;
  /** `https://api.openai.com/v1` unless given. */
  readonly baseUrl?: string;
  readonly organization?: string;
}

/**
 * OpenAI, or a server with its API.
 *
 * @example
 * openai({ apiKey: 'sk-1' }).baseUrl // 'https://api.openai.com/v1'
 */
export function openai({ baseUrl, apiKey, ...more }: OpenAiSettings = {}): LibraryUpstream {
  return upstreamOf('openai', baseUrl, { ...more, apiKey });
}

/** Settings of {@link azure}. */
export interface AzureSettings extends CommonSettings {
  /** Such as `https://my-resource.openai.azure.com`. */
  readonly endpoint: string;
  /** Name of the deployment. */
  readonly deployment: string;
  readonly apiKey?: string | undefined;
  /** `2025-02-01-preview` unless given; `v1` for the newer API. */
  readonly apiVersion?: string;
}

/**
 * A deployment of Azure OpenAI. Requests that were made for OpenAI's paths get Azure's.
 *
 * @example
 * azure({ endpoint: 'https://r.openai.azure.com/', deployment: 'prod' }).baseUrl // 'https://r.openai.azure.com'
 */
export function azure({ endpoint, deployment, apiVersion, apiKey, ...more }: AzureSettings): LibraryUpstream {
  const version = apiVersion ?? vendorOf('azure').apiVersion;
  return upstreamOf('azure', endpoint, { ...more, apiKey, model: deployment, apiVersion: version });
}

/** Settings of {@link anthropic}. */
export interface AnthropicSettings extends CommonSettings {
  readonly apiKey?: string | undefined;
  /** The name of the group unless given. */
  readonly model?: string;
  /** `https://api.anthropic.com/v1` unless given. */
  readonly baseUrl?: string;
}

/**
 * Anthropic, or a server with its API. Bodies are not translated: all upstreams of a group speak one API.
 *
 * @example
 * anthropic({ apiKey: 'sk-ant-1' }).wire // 'anthropic'
 */
export function anthropic({ baseUrl, apiKey, ...more }: AnthropicSettings = {}): LibraryUpstream {
  return upstreamOf('anthropic', baseUrl, { ...more, apiKey });
}

/**
 * Any vendor of the table that speaks OpenAI's API, by its prefix in LiteLLM, such as `groq`, `mistral` or `deepseek`.
 *
 * @throws TypeError for a vendor without an address of its own where none is given
 *
 * @example
 * vendor('groq', { apiKey: 'gsk-1', model: 'llama-3.3-70b-versatile' }).baseUrl // 'https://api.groq.com/openai/v1'
 */
export function vendor(name: string, { baseUrl, apiKey, ...more }: OpenAiSettings): LibraryUpstream {
  return upstreamOf(name, baseUrl, { ...more, apiKey });
}

/** Settings of {@link http}. */
export interface HttpSettings extends CommonSettings {
  /** What requests of the group begin with, such as `https://mcp-1.example/mcp`. */
  readonly url: string;
}

/**
 * Any HTTP API: an MCP server, a search service, an internal one.
 *
 * @example
 * http({ url: 'https://mcp.example/mcp' }).kind // 'http'
 */
export function http({ url, ...more }: HttpSettings): LibraryUpstream {
  const baseUrl = normalisedUrl(url);
  return { kind: 'http', provider: 'http', wire: 'none', baseUrl, ...more };
}

interface Given extends CommonSettings {
  readonly apiKey: string | undefined;
  readonly model?: string;
  readonly apiVersion?: string | undefined;
  readonly organization?: string;
}

function upstreamOf(
  provider: string,
  baseUrl: string | undefined,
  { apiKey, apiVersion, ...more }: Given,
): LibraryUpstream {
  const row = vendorOf(provider);
  const base = baseUrl ?? row.apiBase;
  if (base === undefined) throw new TypeError(`${provider} has no address of its own: give baseUrl`);
  return {
    kind: 'llm',
    provider,
    wire: row.wire,
    baseUrl: vendorBase(normalisedUrl(base), row),
    ...more,
    ...(apiKey !== undefined && { apiKey }),
    ...(apiVersion !== undefined && { apiVersion }),
  };
}

/** One spelling of an address: otherwise two spellings would be two targets. */
function normalisedUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`"${text}" must be a URL that starts with http:// or https://`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError(`the address at ${url.host} has a user, a query or a fragment, which allswell does not send`);
  }
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}
