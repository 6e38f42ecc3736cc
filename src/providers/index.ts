export { vendorBase, vendorModel } from './base.ts';
export { deepestLevel, possibleLevel } from './depth.ts';
export { asksBy, endpointOf } from './endpoint.ts';
export type { Call, Endpoint, Reachable } from './endpoint.ts';
export { modelFacts, providerOfBare, speechOf } from './model-facts.ts';
export type { ModelFacts } from './model-facts.ts';
export { isListed } from './listed.ts';
export type { FullVendor, Vendor, Wire } from './vendor.ts';
export { vendorOf, vendorsPricedAs, vendors } from './vendors.ts';
