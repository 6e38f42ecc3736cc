export { createPodLogger } from './pod-logger.ts';
export { judgeAlone } from './judge-alone.ts';
export type { JudgedAlone } from './judge-alone.ts';
export { openLoneFleet } from './lone-fleet.ts';
export type { LoneFleet } from './lone-fleet.ts';
export { reloadOnChange } from './reload/reload-on-change.ts';
export { startServer } from './start-server.ts';
export type { RunningServer, StartOptions } from './start-server.ts';
export { stopOnSignals } from './stop-on-signals.ts';
