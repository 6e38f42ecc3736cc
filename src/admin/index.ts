export { createAdmin } from './admin.ts';
export type { AdminConfig, AdminOptions } from './admin-options.ts';
export { listOf } from './health-body.ts';
export { createRows } from './health-row.ts';
export { createEventFeed } from './event-feed.ts';
export type { EventFeed } from './event-feed.ts';
