export { Hearing } from './pushed-events.ts';
export { tellOfHold } from './report-hold.ts';
