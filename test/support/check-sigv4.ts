import { createHash, createHmac } from 'node:crypto';
import type { StrictRequest } from './strict-server.ts';

/** A key of AWS and what it may sign. */
export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Checks a request's signature as AWS describes it (signature version 4), from the bytes that arrived: no code of the
 * signer is used. Answers what is wrong, in AWS' names of errors.
 */
export function wrongSignature(
  { method, path, query, headers, bytes }: StrictRequest,
  { key, region, service, nowMs }: { key: SigningKey; region: string; service: string; nowMs: number },
): string | undefined {
  const given = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
    headers['authorization'] ?? '',
  );
  if (given === null) return 'MissingAuthenticationTokenException';
  const [, credential = '', signedNames = '', signature = ''] = given;
  const [id, day = '', ...scope] = credential.split('/');
  const date = headers['x-amz-date'] ?? '';
  const sentMs = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (id !== key.accessKeyId) return 'UnrecognizedClientException';
  if (headers['x-amz-security-token'] !== key.sessionToken) return 'ExpiredTokenException';
  if (!(Math.abs(sentMs - nowMs) < 300_000) || !date.startsWith(day)) return 'InvalidSignatureException: time';
  if (scope.join('/') !== `${region}/${service}/aws4_request`) return 'InvalidSignatureException: scope';
  const signed = signedNames.split(';');
  const mustBeSigned = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (mustBeSigned.some((name) => !signed.includes(name))) return 'InvalidSignatureException: unsigned header';
  if (signed.join() !== signed.toSorted().join()) return 'InvalidSignatureException: order';
  const canonical = [
    method,
    // The path on the wire is encoded once; all services but S3 sign it encoded once more.
    path.split('/').map(encodeStrictly).join('/'),
    query,
    ...signed.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}`),
    '',
    signedNames,
    sha256(bytes),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, [day, ...scope].join('/'), sha256(canonical)].join('\n');
  const signingKey = [day, ...scope].reduce<Buffer>(
    (from, part) => hmac(from, part),
    Buffer.from(`AWS4${key.secretAccessKey}`),
  );
  return hmac(signingKey, toSign).toString('hex') === signature ? undefined : 'InvalidSignatureException: signature';
}

function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
