import { formatProblems, loadConfig } from '../../../src/config/index.ts';

/** What `allswell config validate` says of a file: the problems, and notes but for those that name what only the reader has. */
export function findingsOf(text: string, env: Readonly<Record<string, string>>): readonly string[] {
  const loaded = loadConfig({ text, env, readFile: () => 'a certificate' });
  if (loaded.kind === 'refused') return [formatProblems(loaded.problems)];
  return loaded.notes.map(({ message }) => message).filter((message) => !/environment variable/.test(message));
}
