export { createPodLogger } from './pod-logger.ts';
export { judgeAlone } from './judge-without-store.ts';
export type { JudgedAlone } from './judge-without-store.ts';
export { openLoneFleet } from './single-pod-fleet.ts';
export type { LoneFleet } from './single-pod-fleet.ts';
export { reloadOnChange } from './reload/reload-on-change.ts';
export { startServer } from './start-server.ts';
export type { RunningServer, StartOptions } from './start-server.ts';
export { stopOnSignals } from './stop-on-signals.ts';
