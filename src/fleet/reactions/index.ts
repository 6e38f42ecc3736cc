export { PushedEvents } from './pushed-events.ts';
export { reportHold } from './report-hold.ts';
