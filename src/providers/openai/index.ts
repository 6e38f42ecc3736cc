export { apis } from './api.ts';
export type { OpenAiApi } from './api.ts';
export { bodyOf } from './body.ts';
export { gradeAnswer } from './grade.ts';
