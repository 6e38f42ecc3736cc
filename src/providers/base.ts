import type { FullVendor } from './vendor.ts';

/**
 * A base URL as the vendor's calls are put behind it. LiteLLM's users write some bases without the version, or with
 * the call; all spellings are one target.
 */
export function vendorBase(url: string, { wire, baseEndsWith: end }: FullVendor): string {
  const base = wire === 'anthropic' ? url.replace(/\/messages$/, '') : url;
  return end === undefined || base.endsWith(end) ? base : `${base}${end}`;
}

/** The name that the vendor knows a model by. */
export function vendorModel(model: string, { modelBeginsWith: start }: FullVendor): string {
  if (start === undefined || model.includes('*') || model.includes('/') || model.includes('#')) return model;
  return `${start}${model}`;
}
