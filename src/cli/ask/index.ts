export * from './address.ts';
export * from './ask-pod.ts';
export type * from './pages.ts';
