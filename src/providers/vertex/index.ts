export { bodyOf, CLAUDE_VERSION, claudeBodyOf } from './body.ts';
export { gradeAnswer } from './grade.ts';
export { claudeUrl, vertexUrl } from './url.ts';
