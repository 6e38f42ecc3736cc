export {
  emptyBook,
  forReceivers,
  isUntold,
  MOST_CONDITIONS,
  MOST_OUTGOING,
  noted,
  sameMessage,
  settled,
} from './book.ts';
export { LONGEST_LABEL } from './condition.ts';
export type { AlertBook, Outgoing, Settled } from './book.ts';
export type { AlertIncident, IncidentMember } from './incident.ts';
export type { Condition, Inactive, AlertObservation, Severity } from './condition.ts';
export { durationText, noticeOf } from './notice.ts';
export type { Notice, NoticeAction, NoticeSubject } from './notice.ts';
export { heldBack, step } from './step.ts';
export type { HeldBack } from './step.ts';
