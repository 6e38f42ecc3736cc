import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// Lines whose text or level is not at the call: LiteLLM's summary of the configuration, and a verdict.
const composed = [
  'INFO background_health_check_config enabled=<> shared=<> interval_seconds=<> <>',
  'WARNING Verdict changed: <> is <> (was <>): <>',
  'INFO Verdict changed: <> is <> (was <>): <>',
  'DEBUG Verdict changed: <> is <> (was <>): <>',
];

it('docs/reference/log-lines.md lists exactly the lines that the code logs, at their levels', () => {
  const logged = linesOfCode();
  expect(logged.length).toBeGreaterThan(20);
  expect(linesOfPage().toSorted()).toEqual([...new Set([...logged, ...composed])].toSorted());
});

/** `LEVEL message`, values shown as `<>`. */
function linesOfPage(): string[] {
  const page = readFileSync('docs/reference/log-lines.md', 'utf8');
  return page.split(/^## /m).flatMap((section) => {
    const level = section.split('\n', 1)[0] ?? '';
    return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(
      ([, line = '']) => `${level} ${line.replaceAll(/<[^>]*>|…/g, '<>')}`,
    );
  });
}

function linesOfCode(): string[] {
  // The demo's own voice, and doubles for tests, are no pod's.
  const files = globSync('src/**/*.ts').filter((path) => !/\.test\.ts$|^src\/(testing|demo)\//.test(path));
  const call = /logger\.(debug|info|warn|error)\(\s*(?:`([^`]+)`|'([^']+)')/g;
  return files.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(call)].map(([, level = '', template = '', text = '']) => {
      const name = level === 'warn' ? 'WARNING' : level.toUpperCase();
      return `${name} ${template === '' ? text : template.replaceAll(/\$\{[^}]*\}/g, '<>')}`;
    }),
  );
}
