import type { Clock } from '../ports/index.ts';
import type { AwsKeys, UnsignedRequest } from './types.ts';

export interface SigningScope {
  readonly region: string;
  readonly service: string;
  readonly clock: Clock;
}

/**
 * The headers of AWS' signature version 4. `Content-Type` is signed too, as by AWS' own clients, and is not among them: sent twice it
 * would be another value than the signed one.
 */
export async function awsSignature(
  { method, url, contentType, body }: UnsignedRequest,
  keys: AwsKeys,
  { region, service, clock }: SigningScope,
): Promise<Readonly<Record<string, string>>> {
  // Only pods with such models load it.
  const { AwsV4Signer } = await import('aws4fetch');
  const signer = new AwsV4Signer({
    ...keys,
    method,
    url: url.href,
    ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
    ...(body !== undefined && { body }),
    region,
    service,
    allHeaders: true,
    datetime: new Date(clock.wallMs()).toISOString().replaceAll(/[:-]|\.\d{3}/g, ''),
  });
  const { headers } = await signer.sign();
  headers.delete('content-type');
  return Object.fromEntries(headers.entries());
}
