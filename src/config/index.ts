export * from './activation.ts';
export * from './format-problems.ts';
export * from './load.ts';
export { readConfigFile } from './read-config-file.ts';
export { nearest } from './nearest.ts';
export * from './schema-document.ts';
export type * from './types.ts';
