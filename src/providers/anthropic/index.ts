export { bodyOf } from './body.ts';
export { gradeAnswer } from './grade.ts';
