import { globSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';

// Every `@example` of the form `expression // 'literal'` is run with what its module exports, and with these.
const given = {
  clock: { wallMs: () => 1_795_348_661_000 },
  random: { id: () => 'k3x9qa' },
  readFile: () => '',
  target: { wire: 'openai', apiBase: 'https://api.openai.com/v1', upstreamModel: 'gpt-4o' },
};

const examples = globSync('src/**/*.ts')
  .filter((path) => !path.endsWith('.test.ts'))
  .flatMap((path) => examplesIn(path));

it('finds the examples', () => {
  expect(examples.length).toBeGreaterThan(5);
});

it.each(examples)('$expression', async ({ path, expression, expected }) => {
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  expect(runInNewContext(expression, { ...module, ...given })).toBe(runInNewContext(expected));
});

function examplesIn(path: string): { path: string; expression: string; expected: string }[] {
  const comments = readFileSync(path, 'utf8').match(/\/\*\*.*?\*\//gs) ?? [];
  return comments.flatMap((comment) => {
    const [, example] = comment.replaceAll(/^\s*\/?\*+ ?|\*\/$/gm, '').split('@example');
    const match = /^\s*([^;]+?)\s*\/\/ ('[^']*'|[\d_ +]*\d)(?=[:\s]|$)/.exec(example ?? '');
    return match?.[1] === undefined || match[2] === undefined
      ? []
      : [{ path, expression: match[1], expected: match[2] }];
  });
}
