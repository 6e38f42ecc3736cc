import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProblems } from '../problems/format-problems.ts';
import { loadConfig } from '../load.ts';
import { findMissingSpaces, insertSpaces } from './missing-space.ts';

// The pages that show these files lose every space behind a colon and behind a dash.
describe.each(['shared-health', 'complete'])('the example %s, as a page shows it', (name) => {
  const text = readFileSync(`examples/source-document/${name}.yaml`, 'utf8');
  const lost = text
    .split('\n')
    .map((line) =>
      line.startsWith('#') ? line : line.replace(/^(\s*)- /, '$1-').replace(/^(\s*-?\w+): (?=\S)/, '$1:'),
    )
    .join('\n');

  it('is told line by line where its spaces belong, and nothing else', () => {
    const loaded = loadConfig({
      text: lost,
      file: 'f.yaml',
      env: { OPENAI_API_KEY: 'k', REDIS_PASSWORD: 'p' },
      readFile: () => '',
    });
    const changed = lost.split('\n').flatMap((line, at) => (line === text.split('\n')[at] ? [] : [at + 1]));
    expect(changed.length).toBeGreaterThan(6);
    expect(loaded.kind === 'refused' && loaded.problems.map(({ code, line }) => [code, line])).toEqual(
      changed.map((line) => ['ALLSWELL_ERR_CONFIG_MISSING_SPACE', line]),
    );
    expect(loaded.kind === 'refused' && formatProblems(loaded.problems)).toMatch(
      /^f\.yaml:\d+:\d+: ALLSWELL_ERR_CONFIG_MISSING_SPACE: \w+ needs a space after its (dash|colon)/,
    );
  });

  it('is the file again once they are there', () => {
    const missing = findMissingSpaces(lost);
    const columns = (line: string): string => line.replace(/^(\s*)-\s*/, '$1- ');
    expect(insertSpaces(lost, missing).split('\n').map(columns)).toEqual(text.split('\n').map(columns));
  });
});
