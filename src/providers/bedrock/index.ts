export { bodyOf, embeddingFamily } from './body.ts';
export { gradeAnswer } from './grade.ts';
export { bedrockUrl, claudeUrl, isClaude } from './url.ts';
