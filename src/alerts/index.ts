export { createAlerts } from './coordination/index.ts';
export type { Alerts, AlertsOptions } from './coordination/index.ts';
export type { HttpPost, Post, PostAnswer } from './delivery/index.ts';
export { LONGEST_LABEL } from './incidents/index.ts';
export type { Condition, Inactive, AlertObservation } from './incidents/index.ts';
