import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RedisLogin } from '../../../ports/index.ts';

/** A login's password: one for good, or what a file says, which may change while the pod runs. */
export interface Password {
  current(): string | undefined;
  /** Reads the file again, one reading at a time. What cannot be read leaves the password as it was. */
  refresh(): Promise<'changed' | 'same'>;
  /** All that it ever was: an old one may come back in a server's words. */
  seen(): readonly string[];
  /** Why there is no newer one; undefined while there is nothing to tell. */
  problem(): string | undefined;
}

export function passwordOf({ password, passwordFile: path }: Pick<RedisLogin, 'password' | 'passwordFile'>): Password {
  if (path === undefined) {
    const seen = password === undefined ? [] : [password];
    return {
      current: () => password,
      refresh: () => Promise.resolve('same'),
      seen: () => seen,
      problem: () => undefined,
    };
  }
  const seen: string[] = [];
  let current: string | undefined;
  let problem: string | undefined;
  let reading: Promise<'changed' | 'same'> | undefined;

  const take = (text: string): 'changed' | 'same' => {
    const found = text.replace(/[\r\n]+$/, '');
    // An editor or a mount may empty a file for a moment: better the old password than none.
    problem = found === '' ? `the password file ${path} is empty` : undefined;
    if (found === '' || found === current) return 'same';
    current = found;
    seen.push(found);
    return 'changed';
  };
  const refused = (error: unknown): 'same' => {
    const { code = 'no reason given' } = error as { code?: string };
    problem = `the password file ${path} cannot be read: ${code}`;
    return 'same';
  };
  try {
    take(readFileSync(path, 'utf8'));
  } catch (error) {
    refused(error);
  }
  return {
    current: () => current,
    // Not by the synchronous call: a folder on a network may hang, and a pod never does.
    refresh: () =>
      (reading ??= readFile(path, 'utf8')
        .then(take, refused)
        .finally(() => (reading = undefined))),
    seen: () => seen,
    problem: () => problem,
  };
}
