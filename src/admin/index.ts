export { createAdmin } from './admin.ts';
export type { AdminConfig, AdminOptions } from './admin-options.ts';
export { listOf } from './health/health-body.ts';
export { createRows } from './health/health-row.ts';
export { createEventFeed } from './fleet/event-feed.ts';
export type { EventFeed } from './fleet/event-feed.ts';
