import { addNote, ENVIRONMENT, type Findings, nowhere } from '../problems/index.ts';
import type { RedisSettings } from '../schema/index.ts';
import { child, type Node, type Path } from '../yaml/index.ts';

/**
 * Notes a password or database that has no effect because `url` is set, as in LiteLLM. A user counts if the URL has none.
 * Without the note, a rejected login would be hard to explain.
 */
export function noteBesideUrl(
  { url, password, db }: RedisSettings,
  { source, passwordFile, findings }: BesideUrl,
): void {
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return;
  const lost = (key: 'password' | 'db'): void => {
    const node = child(source?.node, key);
    const is = 'is ignored because url is set: write it into the URL';
    if (source !== undefined && node !== undefined) {
      addNote(findings, 'warn', { place: node.place, path: [...source.path, key], is });
    } else {
      const place = { ...nowhere, file: ENVIRONMENT };
      addNote(findings, 'warn', { place, path: [`REDIS_${key.toUpperCase()}`], is });
    }
  };
  if (password !== undefined && passwordFile === undefined && parsed.password === '') lost('password');
  const inUrl = parsed.searchParams.get('db') ?? parsed.pathname.slice(1);
  if (db !== undefined && db !== Number(inUrl)) lost('db');
}

export interface BesideUrl {
  /** The block of the file; absent if only the environment is used. */
  readonly source: { readonly node: Node; readonly path: Path } | undefined;
  readonly passwordFile: string | undefined;
  readonly findings: Findings;
}
