export * from './address.ts';
export * from './ask-pod.ts';
export { misfitOf } from './misfit.ts';
export * from './pages.ts';
export { whyNoAnswer } from './why-no-answer.ts';
