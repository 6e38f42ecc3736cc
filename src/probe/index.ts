export { httpProber } from './http-prober.ts';
export type { HttpProberOptions } from './http-prober.ts';
export { probeRequestOf } from './probe-request-of.ts';
export type { ShownProbeRequest } from './probe-request-of.ts';
export { mostTokensOf } from './most-tokens.ts';
export type { MostTokens } from './most-tokens.ts';
