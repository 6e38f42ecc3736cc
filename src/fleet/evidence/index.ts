export { Beliefs } from './beliefs.ts';
export type { Belief, Evidence } from './beliefs.ts';
export { SelfCheck } from './self-check.ts';
export type { SelfCheckProbeReply } from './self-check.ts';
export { isModelListFailure } from './model-list-failure.ts';
