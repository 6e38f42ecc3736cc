export type { Api } from './api.ts';
export type { Usage } from './good-answer.ts';
export { gradeAnswer, gradeError } from './grade.ts';
export type { Grade, WireAnswer } from './grade.ts';
export { readListing } from './listing.ts';
export type { Listing } from './listing.ts';
