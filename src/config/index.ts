export * from './activation.ts';
export type * from './types.ts';
