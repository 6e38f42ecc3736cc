export * from './error-budget.ts';
export * from './incidents.ts';
export * from './latency.ts';
export * from './spans.ts';
export * from './uptime.ts';
