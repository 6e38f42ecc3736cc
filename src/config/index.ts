export { activationOf } from './settings/index.ts';
export type { ActivationInput } from './settings/index.ts';
export { formatNote, formatProblems, formatRefusal, nearest } from './problems/index.ts';
export * from './load.ts';
export { callFor } from './models/index.ts';
export { readConfigFile } from './source/index.ts';
export { schemaDocument } from './docs/index.ts';
export type * from './types.ts';
