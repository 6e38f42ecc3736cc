import type { ProbeMode } from './wire/index.ts';
import type { Wire } from './vendor.ts';

/** What of a target decides where a request goes. */
export interface Reachable {
  readonly provider: string;
  readonly wire: Wire;
  readonly apiBase: string;
  readonly upstreamModel: string;
  readonly apiKey?: string;
  readonly apiVersion?: string;
  readonly organization?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call for an answer, by its mode, or for the list of models. */
export type VendorCall = ProbeMode | 'models';
