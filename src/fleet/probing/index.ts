export { Checker } from './checker.ts';
export { Committer } from './committer.ts';
export { Leases } from './leases.ts';
export { forecastOf } from './forecast.ts';
export { Results } from './results.ts';
export { Runner } from './runner.ts';
export { Scheduler } from './scheduler.ts';
export { TrafficEvidence } from './traffic-evidence.ts';
export type { Job } from './runner.ts';
