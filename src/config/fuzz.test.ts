import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { formatNote, formatProblems } from './problems/format-problems.ts';
import { keysOf, keyTable } from './schema/known-keys.ts';
import { loadConfig } from './load.ts';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from './types.ts';

const knownWords = [...new Set(Object.keys(keyTable).flatMap(keysOf))];

const scalar = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(
    null,
    '',
    'os.environ/SET',
    'os.environ/UNSET',
    '300',
    '-1',
    'true',
    'openai/m',
    'http://h:1/v1',
    '*',
  ),
);
const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...knownWords) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '<<', '', '0') },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
);
const { tree } = fc.letrec<{ tree: unknown; map: unknown; list: unknown }>((tie) => ({
  tree: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, scalar, tie('map'), tie('list')),
  map: fc.array(fc.tuple(key, tie('tree')), { maxLength: 6 }).map((pairs) => new Map(pairs)),
  list: fc.array(tie('tree'), { maxLength: 4 }),
}));

/** Trees shaped like a configuration, with anything at all inside. */
const file = fc
  .record(
    {
      model_list: fc.oneof(
        tree,
        fc.array(
          fc.record({
            model_name: scalar,
            litellm_params: fc.record({ model: scalar, api_base: scalar, api_key: scalar, extra_headers: tree }),
            model_info: tree,
          }),
          { maxLength: 3 },
        ),
      ),
      general_settings: blockOf('general_settings'),
      litellm_settings: blockOf('litellm_settings'),
      fleet_health: blockOf('fleet_health'),
      router_settings: blockOf('router_settings'),
      environment_variables: tree,
      include: tree,
    },
    { requiredKeys: [] },
  )
  .chain((known) => fc.tuple(fc.constant(known), tree).map(([one, other]) => (other instanceof Map ? one : known)));

/** One setting with anything in it: often enough there is nothing wrong with that. */
const nearlyRight = fc
  .constantFrom('general_settings', 'litellm_settings', 'fleet_health', 'router_settings')
  .chain((name) =>
    fc.tuple(fc.constantFrom(...keysOf(name)), scalar).map(([one, value]) => ({ [name]: { [one]: value } })),
  );

function blockOf(name: string): fc.Arbitrary<unknown> {
  const pairs = fc.array(fc.tuple(fc.constantFrom(...keysOf(name)), tree), { maxLength: 8 });
  return fc.oneof({ weight: 4, arbitrary: pairs.map((found) => new Map(found)) }, { weight: 1, arbitrary: tree });
}

const env = fc.oneof(fc.constant({}), anyVariables());

function anyVariables(): fc.Arbitrary<Record<string, string>> {
  return fc.dictionary(
    fc.constantFrom('REDIS_HOST', 'REDIS_PORT', 'REDIS_URL', 'REDIS_CLUSTER_NODES', 'REDIS_SENTINEL_NODES', 'SET'),
    fc.string({ maxLength: 20 }),
  );
}

describe('the loader', () => {
  it('makes of any tree a configuration or problems, and both can be printed', { timeout: 60_000 }, () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(file, nearlyRight), env, (found, variables) => {
        const loaded = load(stringify(found), variables);
        kinds.add(loaded.kind);
        expect(loaded.kind === 'loaded' || loaded.problems.length > 0).toBe(true);
        expect(printed(loaded)).not.toContain('undefined');
      }),
      { numRuns: 250 },
    );
    expect(kinds).toEqual(new Set(['loaded', 'refused']));
  });

  it('makes of any damaged file a configuration or problems', { timeout: 60_000 }, () => {
    const text = readFileSync('examples/fleet/proxy_config.yaml', 'utf8');
    const damage = fc.record({
      at: fc.nat({ max: text.length }),
      cut: fc.nat({ max: 30 }),
      put: fc.string({ maxLength: 6, unit: fc.constantFrom(...':-#{}[]&*!|>\'"%@` \n\tax0') }),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (all) => {
        const damaged = all.reduce((whole, { at, cut, put }) => whole.slice(0, at) + put + whole.slice(at + cut), text);
        expect(['loaded', 'refused']).toContain(load(damaged, {}).kind);
      }),
      { numRuns: 120 },
    );
  });
});

function load(text: string, variables: Readonly<Record<string, string>>): LoadedConfig {
  const readFile = (): string => {
    throw Object.assign(new Error('gone'), { code: 'ENOENT' });
  };
  return loadConfig({ text, file: 'etc/config.yaml', env: variables, readFile });
}

function printed(loaded: LoadedConfig): string {
  return loaded.kind === 'refused' ? formatProblems(loaded.problems) : loaded.notes.map(formatNote).join('\n');
}
