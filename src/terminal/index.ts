export * from './paint.ts';
export * from './clip.ts';
