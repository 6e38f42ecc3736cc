export { chooseProfile } from './profiles.ts';
