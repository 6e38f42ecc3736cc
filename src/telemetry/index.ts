export * from './pod-metrics.ts';
export * from './log-level.ts';
export * from './logger.ts';
export * from './fleet-metric-list.ts';
export * from './measured-config.ts';
export * from './metric-list.ts';
export * from './metered-prober.ts';
export * from './request-counts.ts';
export { createRequestTracing } from './request-tracing.ts';
