import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(path, 'utf8');
const union = /type FindingCode =([^;]+);/.exec(read('src/cli/status/finding.ts'))?.[1] ?? '';
const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code);

it('docs/how-to/debug-why-is-it-down.md explains every symptom that `status --why` names, and no other', () => {
  const sections = read('docs/how-to/debug-why-is-it-down.md').split(/^## /m);
  const tables = sections.filter((section) => /^What `status --why` finds|^The pods do not share/.test(section));
  expect(tables).toHaveLength(2);
  const rows = [...tables.join('').matchAll(/^\| (`[a-z`, -]+`) \|/gm)].map(([, names = '']) => names);
  expect(rows.flatMap((names) => names.split(', ').map((name) => name.replaceAll('`', ''))).toSorted()).toEqual(
    codes.toSorted(),
  );
});

it.each(codes)('%s is shown by a test with running pods', (code) => {
  const tests = [
    'test/commands/status-why.test.ts',
    'test/commands/status-why-alerts.test.ts',
    'test/commands/status-why-bridge.test.ts',
    'test/commands/status-why-cooldowns.test.ts',
    'test/commands/status-why-events.test.ts',
    'test/commands/status-why-requests.test.ts',
    'test/commands/status-why-sharing.test.ts',
    'test/commands/status-why-store.test.ts',
    'test/fleet/why.test.ts',
    'test/fleet/budget-kept.test.ts',
  ]
    .map(read)
    .join('\n');
  expect(tests).toContain(`'${code}'`);
});
