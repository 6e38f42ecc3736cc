export type { CheckedAnswer, Grade, Usage, WireAnswer } from './answer.ts';
export { gradeBy, gradeError } from './grade.ts';
export { isObject, parseJson, textOf } from './json.ts';
export type { JsonObject } from './json.ts';
export { readListing } from './listing.ts';
export type { Listing } from './listing.ts';
export type { JsonBody, ProbeMode, Question } from './question.ts';
export { usageFrom } from './usage.ts';
export { wireErrorOf } from './wire-error.ts';
