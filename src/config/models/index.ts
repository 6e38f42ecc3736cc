export { readCredentials } from './credentials.ts';
export { identityKey } from './identity.ts';
export { policyPrintOf, targetsPrintOf } from './prints.ts';
export type { ListedTarget } from './prints.ts';
export { noteUnknownModels } from './probe-level.ts';
export { noteStoredModels } from './speaks-for.ts';
export { noteUnknownGroups } from './taking-part.ts';
export { readModels } from './targets.ts';
