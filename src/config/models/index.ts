export { readCredentials } from './credentials.ts';
export { identityKey } from './identity.ts';
export { policyHashOf, targetsHashOf } from './hashes.ts';
export type { HashedTarget } from './hashes.ts';
export { isUnaskableAlone, noteUnknownModels, refuseWildcard, wantedBy } from './probe-level.ts';
export type { Sharer } from './probe-level.ts';
export { noteUnknownGroups } from './taking-part.ts';
export { readModels } from './read-models.ts';
export type { ModelRules, SettledEntry } from './read-models.ts';
