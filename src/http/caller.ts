import { hash, timingSafeEqual } from 'node:crypto';

/** Who asks. */
export type Caller =
  | { readonly role: 'admin'; readonly name: string }
  /** Sees only the named model groups; `*` stands for any text. */
  | { readonly role: 'scoped'; readonly name: string; readonly models: readonly string[] }
  /** Hands in events, and may do nothing else. */
  | { readonly role: 'events'; readonly name: string }
  /** On routes that want no key. */
  | { readonly role: 'anybody' };

/** Name of the caller where no key is needed. */
export const EVERYBODY = 'everybody';

/** Authenticates a caller by its key. */
export type Identify = (headers: Pick<Headers, 'get'>) => Caller | 'no-key' | 'wrong-key';

export interface KeyRing {
  readonly masterKey: string | null;
  /** What happens while there is no master key. */
  readonly withoutMasterKey: 'refuse' | 'open';
  readonly keys: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly role: 'admin' | 'scoped' | 'events';
    readonly models: readonly string[];
  }[];
}

/**
 * Knows the master key and the listed ones, as `Authorization: Bearer`, `x-api-key` or `api-key`. A key is hashed the first
 * time only: to hash it for each request took 3 % of the byte path. A map compares two texts only if their seeded hashes are
 * equal, so a wrong key learns nothing from its time, and what a right one learns is in its answer.
 */
export function createIdentify({ masterKey, withoutMasterKey, keys }: KeyRing): Identify {
  const known = keys.map(({ name, sha256, role, models }): KnownKey => {
    const caller: Caller = role === 'scoped' ? { role, name, models } : { role, name };
    return { caller, digest: Buffer.from(sha256, 'hex') };
  });
  if (masterKey !== null) known.unshift({ caller: { role: 'admin', name: 'master key' }, digest: digestOf(masterKey) });
  const everybody: Caller | undefined =
    masterKey === null && withoutMasterKey === 'open' ? { role: 'admin', name: EVERYBODY } : undefined;
  const accepted = new Map<string, Caller>();
  return (headers) => {
    const given = givenKey(headers);
    if (given === undefined) return everybody ?? 'no-key';
    const before = accepted.get(given);
    if (before !== undefined) return before;
    const caller = callerWith(given, known);
    // Only right keys are kept, so there are no more of them than are known.
    if (caller !== undefined) accepted.set(given, caller);
    return caller ?? everybody ?? 'wrong-key';
  };
}

interface KnownKey {
  readonly caller: Caller;
  readonly digest: Buffer;
}

/** Whether a caller may see a model group. */
export function maySee(caller: Caller, modelGroup: string): boolean {
  if (caller.role !== 'scoped') return caller.role === 'admin';
  return caller.models.some((pattern) => matches(modelGroup, pattern));
}

/** Without a regular expression: a pattern with many stars would make one slow. */
function matches(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** Undefined where there is none; '' where there is one that cannot be right, such as Basic credentials. */
function givenKey(headers: Pick<Headers, 'get'>): string | undefined {
  const authorization = headers.get('authorization');
  if (authorization !== null) return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  return headers.get('x-api-key') ?? headers.get('api-key') ?? undefined;
}

/** Digests have one length and all are looked at, so the time tells nothing about any key. */
function callerWith(given: string, known: readonly KnownKey[]): Caller | undefined {
  // No key is empty, even if the hash of an empty text is listed by mistake.
  if (given === '') return undefined;
  const digest = digestOf(given);
  let found: Caller | undefined;
  for (const one of known) {
    if (timingSafeEqual(digest, one.digest)) found ??= one.caller;
  }
  return found;
}

function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
