export { addressOf, attempt, deliver, hostOf } from './deliver.ts';
export type { HttpPost, Post, PostAnswer } from './http-post.ts';
export { activeAlerts, RESEND_MS } from './forms/alertmanager.ts';
export { ReceiverQueues } from './queues.ts';
export type { QueueParts } from './queues.ts';
