import { CLAUDE, startAws } from './aws.ts';
import { startAzure } from './azure.ts';
import { startGoogle } from './google.ts';
import { startKeyed } from './keyed.ts';
import type { Vendor } from './vendor.ts';

export { digestOf } from './vendor.ts';
export type { Vendor } from './vendor.ts';

/** A vendor, and how a deployment logs in there. */
export type NamedVendor = readonly [name: string, start: () => Promise<Vendor>];

/** Logins by a credential that a login host gives for a while. */
export const byToken: readonly NamedVendor[] = [
  ['Azure by Entra ID', () => startAzure('entra')],
  ['Bedrock by an assumed role', () => startAws('role')],
  ['Vertex AI by a service account', () => startGoogle('gemini')],
  ['Claude on Vertex AI by a service account', () => startGoogle('claude')],
];

export const byAnyLogin: readonly NamedVendor[] = [
  ['OpenAI by key', () => startKeyed('openai')],
  ['Gemini by key', () => startKeyed('gemini')],
  ['Cohere by key', () => startKeyed('cohere')],
  ['Anthropic by key', () => startKeyed('anthropic')],
  ['Azure by key', () => startKeyed('azure')],
  ['Azure by a token in the file', () => startAzure('token')],
  ['Bedrock by signature', () => startAws('keys')],
  ['Bedrock by an API key', () => startAws('api-key')],
  ['Claude on Bedrock by signature', () => startAws('keys', CLAUDE)],
  ...byToken,
];
