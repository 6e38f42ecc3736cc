export { Knowledge } from './beliefs.ts';
export type { Belief, Evidence } from './beliefs.ts';
export { Doubts } from './self-check.ts';
export { isAboutTheList } from './unbilled-check.ts';
