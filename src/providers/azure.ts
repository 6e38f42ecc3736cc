import { apis } from './openai/index.ts';
import type { VendorCall, Reachable } from './reachable.ts';

/** Versions that name the newer API, which takes the model in the body and has no dates. */
const undated = new Set(['v1', 'latest', 'preview']);

/** The base may be the resource, a deployment within it, or the newer API. `path`: the end of OpenAI's own. */
export function azureUrl(target: Reachable, path: string): string {
  if (path === apis.responses) return responsesUrl(target);
  if (isNewer(target)) return `${newerBase(target)}/${path}`;
  const named = /\/openai\/deployments\/([^/]+)/.exec(target.apiBase)?.[1];
  return dated(target, `openai/deployments/${named ?? encodeURIComponent(target.upstreamModel)}/${path}`);
}

/** The list of what the resource could deploy. */
export function azureListing(target: Reachable): string {
  return isNewer(target) ? `${newerBase(target)}/models` : dated(target, 'openai/models');
}

/** LiteLLM asks the newer API as it asks OpenAI, but for responses: an own gateway before it may know only one of the two. */
export function azureKeyHeaders({ apiKey, apiVersion }: Reachable, call: VendorCall): Record<string, string> {
  if (apiKey === undefined) return {};
  return isUndated(apiVersion) && call !== 'responses' ? { authorization: `Bearer ${apiKey}` } : { 'api-key': apiKey };
}

/** Responses never had deployments in their path. Without a version they are those of the newer API. */
function responsesUrl(target: Reachable): string {
  const { apiVersion = 'preview' } = target;
  if (target.apiBase.endsWith(NEWER)) return `${target.apiBase}/${apis.responses}`;
  const path = isUndated(apiVersion) ? 'openai/v1/responses' : 'openai/responses';
  return `${resourceOf(target)}/${path}?api-version=${encodeURIComponent(apiVersion)}`;
}

const NEWER = '/openai/v1';

function isNewer({ apiBase, apiVersion }: Reachable): boolean {
  return apiBase.endsWith(NEWER) || isUndated(apiVersion);
}

function newerBase(target: Reachable): string {
  return `${resourceOf(target)}${NEWER}`;
}

function resourceOf({ apiBase }: Reachable): string {
  return apiBase.replace(/\/openai(\/v1|\/deployments\/.*)?$/, '');
}

function dated(target: Reachable, path: string): string {
  const { apiVersion } = target;
  const version = apiVersion === undefined ? '' : `?api-version=${encodeURIComponent(apiVersion)}`;
  return `${resourceOf(target)}/${path}${version}`;
}

function isUndated(version: string | undefined): boolean {
  return version !== undefined && undated.has(version);
}
