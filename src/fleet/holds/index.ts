export { Holds } from './holds.ts';
