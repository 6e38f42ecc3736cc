export { createPodLogger } from './pod-logger.ts';
export { judgeWithoutStore } from './judge-without-store.ts';
export type { StorelessVerdicts } from './judge-without-store.ts';
export { openSinglePodFleet } from './single-pod-fleet.ts';
export type { SinglePodFleet } from './single-pod-fleet.ts';
export { reloadOnChange } from './reload/reload-on-change.ts';
export { startServer } from './start-server.ts';
export type { RunningServer, StartOptions } from './start-server.ts';
export { stopOnSignals } from './stop-on-signals.ts';
