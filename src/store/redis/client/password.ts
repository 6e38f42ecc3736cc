import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RedisLogin } from '../../../ports/index.ts';

/** Password of a login: a fixed one, or the content of a file, which may change while the pod runs. */
export interface Password {
  current(): string | undefined;
  /** Reads the file again, one reading at a time. If that fails, the password stays. */
  refresh(): Promise<'changed' | 'same'>;
  /** All passwords so far, to be redacted: a server's message may contain an old one. */
  seen(): readonly string[];
  /** Reason why the file could not be read; undefined for none. */
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
    // An editor or a mount may empty a file for a moment: the old password is better than none.
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
    // Not synchronously: a network folder may hang, which would stop the pod.
    refresh: () =>
      (reading ??= readFile(path, 'utf8')
        .then(take, refused)
        .finally(() => (reading = undefined))),
    seen: () => seen,
    problem: () => problem,
  };
}
