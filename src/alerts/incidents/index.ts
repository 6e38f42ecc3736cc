export { emptyBook, forReceivers, isUntold, sameMessage, settled } from './book.ts';
export { LONGEST_LABEL } from './condition.ts';
export type { AlertBook, Outgoing, Settled } from './book.ts';
export type { AlertIncident } from './incident.ts';
export type { Condition, Inactive, AlertObservation, Severity } from './condition.ts';
export { durationText, noticeOf } from './notice.ts';
export type { Notice, NoticeAction, NoticeSubject } from './notice.ts';
export { step } from './step.ts';
