export type { DemoOptions, DemoProcess } from './options.ts';
export { runDemo } from './run-demo.ts';
