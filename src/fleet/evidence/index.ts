export { Beliefs } from './beliefs.ts';
export type { Belief, Evidence } from './beliefs.ts';
export { SelfCheck } from './self-check.ts';
export { isAboutTheList } from './model-list-failure.ts';
