export { Announcer } from './announcer.ts';
export { LogLines } from './log-lines.ts';
export { countDeployments, showStatus, showTarget } from './views.ts';
export type { ShownParts } from './views.ts';
