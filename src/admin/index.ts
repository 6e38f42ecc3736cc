export { createAdmin } from './admin.ts';
export type { AdminConfig, AdminOptions } from './admin-options.ts';
