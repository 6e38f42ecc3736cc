export { askHaproxy, serverStats } from './haproxy.ts';
export type { ServerStats } from './haproxy.ts';
export { configOf } from './page.ts';
export { describeWith, startProgram } from './program.ts';
export type { Program, StartedProgram } from './program.ts';
