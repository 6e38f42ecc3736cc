export { withMistake } from './mistake.ts';
export { OTHER_MISTAKES } from './others.ts';
export { TYPE_MISTAKES } from './types.ts';
