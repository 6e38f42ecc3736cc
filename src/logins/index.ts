export { createLogins } from './logins.ts';
export type { LoginFailure, LoginParts, Logins, SignedIn, UnsignedRequest } from './types.ts';
