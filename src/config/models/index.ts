export { readCredentials } from './credentials.ts';
export { identityKey } from './identity.ts';
export { policyPrintOf, targetsPrintOf } from './prints.ts';
export type { HashedTarget } from './prints.ts';
export { noteUnknownModels, wantedBy } from './probe-level.ts';
export type { Sharer } from './probe-level.ts';
export { noteUnknownGroups } from './taking-part.ts';
export { readModels } from './read-models.ts';
export type { ModelRules } from './read-models.ts';
