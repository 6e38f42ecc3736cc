import { createHash, timingSafeEqual } from 'node:crypto';
import { authError } from './answers.ts';

/** Looks at a caller's key: the refusal to send, or undefined for a caller who may pass. */
export type KeyGate = (headers: Headers) => Response | undefined;

export interface KeyGateOptions {
  readonly masterKey: string | null;
  /** What happens while there is no master key. */
  readonly withoutMasterKey: 'refuse' | 'open';
}

/** Accepts the master key as `Authorization: Bearer`, `x-api-key` or `api-key`, and nothing else. */
export function createKeyGate({ masterKey, withoutMasterKey }: KeyGateOptions): KeyGate {
  if (masterKey === null && withoutMasterKey === 'open') return () => undefined;
  const expected = masterKey === null ? undefined : digestOf(masterKey);
  return (headers) => {
    const given = givenKey(headers);
    if (given === undefined) return authError('Authentication Error, No api key passed in.');
    if (expected !== undefined && isSame(given, expected)) return undefined;
    return authError('Authentication Error, Invalid api key passed in.');
  };
}

/** Undefined where there is none; '' where there is one that cannot be right, such as Basic credentials. */
function givenKey(headers: Headers): string | undefined {
  const authorization = headers.get('authorization');
  if (authorization !== null) return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  return headers.get('x-api-key') ?? headers.get('api-key') ?? undefined;
}

/** Digests have one length, so neither the time nor an early exit tells anything about the key. */
function isSame(given: string, expected: Buffer): boolean {
  return timingSafeEqual(digestOf(given), expected);
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
