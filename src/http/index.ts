export * from './answers.ts';
export * from './app.ts';
export * from './caller.ts';
export * from './openapi.ts';
export * from './route.ts';
export * from './routes.ts';
export * from './traffic.ts';
