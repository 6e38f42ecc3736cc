export { checkBlock, describe, withoutWrongValues } from './check.ts';
export { ENVIRONMENT, addNote, addProblem, nowhere, openFindings, summedUp } from './findings.ts';
export type { Findings } from './findings.ts';
export { formatNote, formatProblems, formatRefusal } from './format-problems.ts';
export { nearest } from './nearest.ts';
