export { bodyOf, embeddingFamily } from './body.ts';
export { gradeAnswer } from './grade.ts';
export { bedrockUrl } from './url.ts';
