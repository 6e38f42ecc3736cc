export { askHaproxy, serverStats } from './haproxy.ts';
export type { ServerStats } from './haproxy.ts';
export { configOf } from './page.ts';
export { describeWith, runProgram, startProgram } from './program.ts';
export type { Ended, Program, StartedProgram } from './program.ts';
