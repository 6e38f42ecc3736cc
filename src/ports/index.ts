export * from './clock.ts';
export * from './fleet-reader.ts';
export * from './fleet-store.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './prober.ts';
export * from './random.ts';
export * from './redis-target.ts';
