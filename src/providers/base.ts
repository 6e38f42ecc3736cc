import type { FullVendor, VendorRoute } from './vendor.ts';

/**
 * A base URL as the vendor's calls are put behind it. LiteLLM's users write some bases without the version, or with
 * the call; all spellings are one target.
 */
export function vendorBase(url: string, { wire, baseEndsWith: end, ownHosts, apiBase }: FullVendor): string {
  // LiteLLM speaks to these hosts in their own format, below another path.
  if (apiBase !== undefined && ownHosts?.includes(new URL(url).host) === true) {
    return `${new URL(url).origin}${new URL(apiBase).pathname}`;
  }
  const base = wire === 'anthropic' ? url.replace(/\/messages$/, '') : url;
  return end === undefined || base.endsWith(end) ? base : `${base}${end}`;
}

/** The name that the vendor knows a model by. */
export function vendorModel(model: string, { modelBeginsWith: start }: FullVendor): string {
  if (start === undefined || model.includes('*') || model.includes('/') || model.includes('#')) return model;
  return `${start}${model}`;
}

/**
 * A model's name without the route that LiteLLM writes before it, and what the route says.
 *
 * @example
 * routedModel('o_series/prod', vendorOf('azure')) // model prod, route { reasons: true }
 */
export function routedModel(
  model: string,
  { routes = {} }: FullVendor,
): { readonly model: string; readonly route: VendorRoute } {
  const found = Object.entries(routes).find(([prefix]) => model.startsWith(prefix) && model.length > prefix.length);
  return found === undefined ? { model, route: {} } : { model: model.slice(found[0].length), route: found[1] };
}
