export * from './answers.ts';
export * from './key-gate.ts';
export * from './secured.ts';
