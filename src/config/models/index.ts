export { readCredentials } from './credentials.ts';
export { checkLimits } from './limits.ts';
export { isUnaskableAlone, noteUnknownModels, refuseWildcard, wantedBy } from './probe-level.ts';
export type { Sharer } from './probe-level.ts';
export { noteUnknownGroups } from './taking-part.ts';
export { readModels } from './read-models.ts';
export type { ModelRules, SettledEntry } from './read-models.ts';
export { noteUnprobed } from './unprobed.ts';
export { callFor } from './wildcard-call.ts';
