import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkBorders } from '../../scripts/borders/check-borders.ts';
import { DASHBOARD_SOUND, DASHBOARD_VIOLATIONS } from './dashboard-borders.ts';
import { ALERT_ROOMS, FLEET_ROOMS, forbidden } from '../../scripts/borders/rules.ts';
import { upwards } from './upwards.ts';
import type { Sources } from './upwards.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

function plant(sources: Sources): string {
  const root = mkdtempSync(join(tmpdir(), 'allswell-borders-'));
  roots.push(root);
  const packages = [
    'ioredis',
    'undici',
    'hono',
    '@hono/node-server',
    'prom-client',
    'pino',
    'commander',
    'yaml',
    'zod',
    'aws4fetch',
    'jose',
    'preact',
  ];
  const installed = packages.map((name): [string, string] => [`node_modules/${name}/index.js`, 'export default 1;']);
  const manifests = packages.map((name): [string, string] => [
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }),
  ]);
  const manifest = [
    'package.json',
    JSON.stringify({ type: 'module', dependencies: Object.fromEntries(packages.map((name) => [name, '1.0.0'])) }),
  ];
  for (const [path, text] of [...Object.entries(sources), ...installed, ...manifests, manifest as [string, string]]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function brokenRules(sources: Sources): Promise<string[]> {
  const { problems } = await checkBorders(plant(sources));
  return [...new Set(problems.map((problem) => problem.split(':')[0] ?? ''))].toSorted();
}

/** A tree that keeps every rule, and shows what the rules must let through. */
const SOUND: Sources = {
  'src/errors.ts': 'export const code = 1;',
  'src/health/index.ts': "export { state } from './state.ts';\nexport type { State } from './state.ts';",
  'src/health/state.ts': "export type State = 'up';\nexport const state: State = 'up';",
  'src/health/state.test.ts':
    "import { it } from 'node:test';\nimport { clock } from '../testing/index.ts';\nit('', clock);",
  'src/ports/index.ts': "import type { State } from '../health/index.ts';\nexport interface View { state: State }",
  'src/api/index.ts':
    "import { z } from 'zod';\nimport type { State } from '../health/index.ts';\nexport interface Body { state: State }\nexport const schema = z;",
  'src/fleet/index.ts':
    "import { EventEmitter } from 'node:events';\nimport { state } from '../health/index.ts';\nimport type { View } from '../ports/index.ts';\nexport const view: View = { state };\nexport const emitter = new EventEmitter();",
  'src/store/format/index.ts': "export const text = 'x';",
  'src/store/memory/index.ts': "import { text } from '../format/index.ts';\nexport const store = text;",
  'src/store/redis/index.ts': "import Redis from 'ioredis';\nexport const store = Redis;",
  'src/bridge/index.ts':
    "import { state } from '../health/index.ts';\nimport type { View } from '../ports/index.ts';\nexport const keys: View = { state };",
  'src/traffic/index.ts':
    "import { state } from '../health/index.ts';\nimport type { View } from '../ports/index.ts';\nexport const judged: View = { state };",
  'src/providers/wire/index.ts': "export { state } from '../../health/index.ts';",
  'src/translation/index.ts': "export { body } from './one-way/body.ts';",
  'src/translation/one-way/body.ts':
    "import { state } from '../../providers/wire/index.ts';\nexport const body = state;",
  'src/upstream/index.ts': "import undici from 'undici';\nexport const pool = undici;",
  'src/probe/index.ts': "import { pool } from '../upstream/index.ts';\nexport const probe = pool;",
  'src/routing/index.ts':
    "import type { View } from '../ports/index.ts';\nexport const pick = (view: View): string => view.state;",
  'src/http/index.ts': "import hono from 'hono';\nexport const app = hono;",
  'src/gateway/index.ts':
    "import { app } from '../http/index.ts';\nimport { code } from '../errors.ts';\nexport const gateway = [app, code];",
  'src/admin/index.ts': "import { app } from '../http/index.ts';\nexport const admin = app;",
  'src/telemetry/index.ts':
    "import pino from 'pino';\nimport client from 'prom-client';\nexport const logs = [pino, client];",
  'src/server/index.ts':
    "import serve from '@hono/node-server';\nimport { store } from '../store/redis/index.ts';\nimport { probe } from '../probe/index.ts';\nimport { keys } from '../bridge/index.ts';\nexport const parts = [serve, store, probe, keys];",
  'src/cli/main.ts':
    "import program from 'commander';\nimport { parts } from '../server/index.ts';\nexport const cli = [program, parts];",
  'src/client/index.ts':
    "import type { Body } from '../api/index.ts';\nexport const show = (body: Body): string => body.state;",
  ...DASHBOARD_SOUND,
  'src/demo/index.ts': "import { clock } from '../testing/index.ts';\nexport const demo = clock;",
  'src/testing/index.ts':
    "import { store } from '../store/memory/index.ts';\nexport const clock = (): unknown => store;",
};

/** Each folder of `fleet` imports the one after it. */
/** For each rule, one import that must not be. The rest of the tree is sound. */
const VIOLATIONS: Record<string, Sources> = {
  ...DASHBOARD_VIOLATIONS,
  'client-imports-types-of-api-and-health-only': {
    'src/client/bad.ts': "import { setTimeout } from 'node:timers/promises';\nexport const wait = setTimeout;",
  },
  'client-takes-types-only': {
    'src/client/bad.ts': "import { schema } from '../api/index.ts';\nexport const read = schema;",
  },
  'client-is-for-other-programs': {
    'src/admin/bad.ts': "import { show } from '../client/index.ts';\nexport const bad = show;",
  },
  ...upwards('fleet', FLEET_ROOMS),
  ...upwards('alerts', ALERT_ROOMS),
  'alerts-import-health-ports-and-zod-only': {
    'src/alerts/bad.ts': "import { pool } from '../upstream/index.ts';\nexport const bad = pool;",
  },
  'incidents-of-alerts-are-pure': {
    'src/alerts/incidents/bad.ts': "import { createHmac } from 'node:crypto';\nexport const bad = createHmac;",
  },
  'health-imports-nothing': {
    'src/health/clock.ts': "import { performance } from 'node:perf_hooks';\nexport const now = performance.now();",
  },
  'ports-import-health-only': {
    'src/ports/bad.ts': "import type { code } from '../errors.ts';\nexport type Code = typeof code;",
  },
  'api-imports-health-and-zod-only': {
    'src/api/bad.ts': "import type { View } from '../ports/index.ts';\nexport type Body = View;",
  },
  'api-takes-types-of-health-only': {
    'src/api/bad.ts': "import { state } from '../health/index.ts';\nexport const first = state;",
  },
  'ports-import-types-only': {
    'src/ports/bad.ts': "import { state } from '../health/index.ts';\nexport const first = state;",
  },
  'fleet-imports-health-and-ports-only': { 'src/fleet/bad.ts': "import yaml from 'yaml';\nexport const parse = yaml;" },
  'fleet-does-no-io': { 'src/fleet/bad.ts': "import { connect } from 'node:net';\nexport const open = connect;" },
  'only-store-redis-imports-ioredis': {
    'src/store/memory/bad.ts': "import Redis from 'ioredis';\nexport const bad = Redis;",
  },
  'only-upstream-imports-undici': { 'src/probe/bad.ts': "import undici from 'undici';\nexport const bad = undici;" },
  'only-logins-imports-aws4fetch': {
    'src/probe/bad.ts': "import { AwsV4Signer } from 'aws4fetch';\nexport const bad = AwsV4Signer;",
  },
  'only-logins-imports-jose': { 'src/config/bad.ts': "import { SignJWT } from 'jose';\nexport const bad = SignJWT;" },
  'only-http-imports-hono': { 'src/server/bad.ts': "import hono from 'hono';\nexport const bad = hono;" },
  'only-server-imports-hono-node-server': {
    'src/cli/bad.ts': "import serve from '@hono/node-server';\nexport const bad = serve;",
  },
  'only-telemetry-imports-prom-client': {
    'src/admin/bad.ts': "import client from 'prom-client';\nexport const bad = client;",
  },
  'only-telemetry-imports-pino': { 'src/server/bad.ts': "import pino from 'pino';\nexport const bad = pino;" },
  'only-cli-imports-commander': {
    'src/server/bad.ts': "import program from 'commander';\nexport const bad = program;",
  },
  'http-knows-no-route': {
    'src/config/index.ts': 'export const loaded = 1;',
    'src/http/bad.ts': "import { loaded } from '../config/index.ts';\nexport const bad = loaded;",
  },
  'routing-imports-health-and-ports-only': {
    'src/routing/bad.ts': "import { setTimeout } from 'node:timers/promises';\nexport const bad = setTimeout;",
  },
  'history-imports-health-and-ports-only': {
    'src/history/bad.ts': "import { performance } from 'node:perf_hooks';\nexport const now = performance.now();",
  },
  'gateway-does-not-import-admin': {
    'src/gateway/bad.ts': "import { admin } from '../admin/index.ts';\nexport const bad = admin;",
  },
  'admin-does-not-import-gateway': {
    'src/admin/bad.ts': "import { gateway } from '../gateway/index.ts';\nexport const bad = gateway;",
  },
  'server-and-library-alone-build-adapters': {
    'src/gateway/bad.ts': "import { store } from '../store/memory/index.ts';\nexport const bad = store;",
  },
  'library-is-no-gateway': {
    'src/library/bad.ts': "import { gateway } from '../gateway/index.ts';\nexport const bad = gateway;",
  },
  'bridge-imports-health-and-ports-only': {
    'src/bridge/bad.ts': "import { createHash } from 'node:crypto';\nexport const hash = createHash;",
  },
  'server-and-cli-alone-import-the-bridge': {
    'src/admin/bad.ts': "import { keys } from '../bridge/index.ts';\nexport const bad = keys;",
  },
  'bridge-conditionals-only-in-config-bridge': {
    'src/config/bridge/index.ts': 'export const bridge = 1;',
    'src/config/load.ts': "import { bridge } from './bridge/index.ts';\nexport const config = bridge;",
    'src/config/models/bad.ts': "import { bridge } from '../bridge/index.ts';\nexport const bad = bridge;",
  },
  'testing-is-for-tests-and-the-demo': {
    'src/server/bad.ts': "import { clock } from '../testing/index.ts';\nexport const bad = clock;",
  },
  'folders-are-entered-through-index': {
    'src/fleet/bad.ts': "import { state } from '../health/state.ts';\nexport const bad = state;",
  },
  'nested-folders-are-entered-through-index': {
    'src/store/format/line.ts': 'export const line = 1;',
    'src/store/redis/bad.ts': "import { line } from '../format/line.ts';\nexport const bad = line;",
  },
  'root-files-enter-folders-through-index': {
    'src/bad.ts': "import { state } from './health/state.ts';\nexport const bad = state;",
  },
  'no-cycles': {
    'src/fleet/one.ts': "import type { two } from './two.ts';\nexport const one = (): typeof two | 1 => 1;",
    'src/fleet/two.ts': "import { one } from './one.ts';\nexport const two = one;",
  },
  'translation-is-pure': {
    'src/translation/one-way/bad.ts': "import { createHash } from 'node:crypto';\nexport const bad = createHash;",
  },
  'traffic-imports-health-and-ports-only': {
    'src/traffic/bad.ts': "import { setTimeout } from 'node:timers/promises';\nexport const bad = setTimeout;",
  },
  'litellm-is-pure': {
    'src/litellm/bad.ts': "import { readFileSync } from 'node:fs';\nexport const bad = readFileSync;",
  },
  'sources-stand-without-the-test-folder': {
    'src/health/bad.test.ts': "import { help } from '../../test/support/help.ts';\nhelp();",
    'test/support/help.ts': 'export const help = (): number => 1;',
  },
  'imports-resolve': { 'src/server/bad.ts': "import { gone } from './gone.ts';\nexport const bad = gone;" },
};

describe('the borders between folders', () => {
  it('let a sound tree through', async () => {
    const answer = await checkBorders(plant(SOUND));
    expect(answer.problems).toEqual([]);
    expect(answer.modules).toBe(Object.keys(SOUND).length);
    expect(answer.dependencies).toBeGreaterThan(20);
  });

  it.each(forbidden.map(({ name }) => name))('bite: %s', async (name) => {
    const planted = VIOLATIONS[name ?? ''];
    expect(planted, 'every rule has a planted violation').toBeDefined();
    expect(await brokenRules({ ...SOUND, ...planted })).toEqual([name]);
  });

  it.each(['admin', 'gateway', 'fleet'])('bite where http knows %s', async (folder) => {
    const planted = {
      'src/http/bad.ts': `import type * as bad from '../${folder}/index.ts';\nexport type Bad = typeof bad;`,
    };
    expect(await brokenRules({ ...SOUND, ...planted })).toContain('http-knows-no-route');
  });

  it('bite when the package is imported for its types only', async () => {
    const planted = { 'src/admin/bad.ts': "import type Redis from 'ioredis';\nexport type Bad = typeof Redis;" };
    expect(await brokenRules({ ...SOUND, ...planted })).toEqual(['only-store-redis-imports-ioredis']);
  });

  it('bite when the import is made at run time', async () => {
    const planted = { 'src/admin/bad.ts': "export const bad = async (): Promise<unknown> => import('ioredis');" };
    expect(await brokenRules({ ...SOUND, ...planted })).toEqual(['only-store-redis-imports-ioredis']);
  });
});

describe('an import inside a type', () => {
  it.each([
    ['a member', "export interface Bad { readonly view: import('../fleet/index.ts').View }"],
    ['the type of a module', "export type Bad = typeof import('../fleet/index.ts');"],
    ['an argument of a type', "export type Bad = ReadonlyMap<string, readonly import('../fleet/index.ts').View[]>;"],
    ['an argument of a call', "export const bad = new Set<import('../fleet/index.ts').View>();"],
    ['a parameter', "export const bad = (_view: Readonly<import('../fleet/index.ts').View>): void => {};"],
  ])('is a violation of its own: %s', async (_where, source) => {
    const planted = { 'src/routing/bad.ts': source };
    const { problems } = await checkBorders(plant({ ...SOUND, ...planted }));
    expect(problems).toContainEqual(
      expect.stringMatching(/^no-imports-inside-types: src\/routing\/bad\.ts → \.\.\/fleet\/index\.ts\n/),
    );
  });

  it('is told from an import at run time and from text', async () => {
    const planted = {
      'src/server/good.ts':
        "// typeof import('../cli/main.ts')\nexport const text = \"import('x').Type\";\nexport const late = async (): Promise<unknown> => import('../probe/index.ts');",
    };
    expect(await brokenRules({ ...SOUND, ...planted })).toEqual([]);
  });
});

describe('the check itself', () => {
  it('fails when its parser is missing and it reads no module', () => {
    // Without a parser that knows TypeScript the tool reports a clean tree of 0 modules.
    const hideParser = `import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name.startsWith('@swc/core')) throw Object.assign(new Error('hidden'), { code: 'MODULE_NOT_FOUND' });
        return next(name, context);
      } });`;
    const run = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(hideParser)}`, resolve('scripts/borders.ts')],
      { cwd: plant(SOUND), encoding: 'utf8' },
    );
    expect(run.stderr).toContain('no modules were read: the parser does not know these sources');
    expect(run.stdout).toContain('0 modules');
    expect(run.status).toBe(1);
  });

  it('fails when there is no source', async () => {
    expect((await checkBorders(plant({}))).problems).toEqual(['no modules were read: there is no source below src']);
  });
});
