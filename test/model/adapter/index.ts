// The only folder of the model that uses the signatures of the product. It builds the real parts of each pod from plain
// data, runs them, and reads the data back.
export { Fleet } from './model-fleet.ts';
export type { PodParts } from './pod-parts.ts';
export { TARGET } from './settings.ts';
export type { Reply } from './environment.ts';
