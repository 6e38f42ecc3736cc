import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseYaml } from './parse.ts';
import { pythonJson, pythonText } from './python-text.ts';
import type { Node } from './tree.ts';

function node(yaml: string): Node {
  const parsed = parseYaml(yaml);
  if (parsed.kind !== 'parsed') throw new Error('not YAML');
  return parsed.root;
}

interface Printed {
  readonly yaml: string;
  readonly str: string;
  readonly repr: string;
  /** Null where Python refuses. */
  readonly json: string | null;
}

const fixture = new URL('../../../test/golden/fixtures/litellm-ids/scalars.json', import.meta.url);
const { rows } = JSON.parse(readFileSync(fixture, 'utf8')) as { rows: readonly Printed[] };

describe('values as PyYAML reads them', () => {
  it('has many to compare', () => expect(rows.length).toBeGreaterThan(200));

  it.each(rows)('prints $yaml as $repr', ({ yaml, str, repr, json }) => {
    const value = node(`v: ${yaml}`);
    const found = value.kind === 'map' ? value.entries[0]?.value : undefined;
    if (found === undefined) throw new Error('no value');
    expect(pythonText(found)).toBe(str);
    expect(pythonText({ kind: 'list', location: found.location, items: [found] })).toBe(`[${repr}]`);
    expect([null, pythonJson(found)]).toContain(json);
  });
});

// Every expectation was printed by Python.
describe('values as Python prints them', () => {
  it.each([
    ['1000000000000000.0', '1000000000000000.0'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['123456789012345680.0', '1.2345678901234568e+17'],
    ['.inf', 'inf'],
    ['-7', '-7'],
    ['off', 'False'],
    [
      String.raw`["tab\there", "a\\b", "it's \"both\"", "\x01"]`,
      String.raw`['tab\there', 'a\\b', 'it\'s "both"', '\x01']`,
    ],
  ])('str of %s is %s', (yaml, expected) => {
    expect(pythonText(node(yaml))).toBe(expected);
  });

  it.each([
    [String.raw`["\x7f", "😀", "a/b", 1.0, on, ~]`, String.raw`["\u007f", "\ud83d\ude00", "a/b", 1.0, true, null]`],
    ['{a: {b: .inf, c: -.inf, d: .nan}}', '{"a": {"b": Infinity, "c": -Infinity, "d": NaN}}'],
  ])('json.dumps of %s is %s', (yaml, expected) => {
    expect(pythonJson(node(yaml))).toBe(expected);
  });
});
