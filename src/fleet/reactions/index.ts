export { reactionsOf } from './reactions.ts';
export { StoreChanges } from './store-changes.ts';
export { TargetChanges } from './target-changes.ts';
