import type { IForbiddenRuleType } from 'dependency-cruiser';
import { dashboardRules } from './dashboard-rules.ts';
import { folders, packages, TEST } from './paths.ts';

// The borders inside the one package. A rule's comment is what a person reads when it bites.

/** Only `owners` may import the package. */
const onlyIn = (name: string, to: string, owners: string[]): IForbiddenRuleType => ({
  name: `only-${owners.map((owner) => owner.replace('/', '-')).join('-or-')}-imports-${name}`,
  comment: `${name} is imported by ${owners.join(' and ')} alone; everyone else goes through a port.`,
  severity: 'error',
  from: { path: '^src/', pathNot: [TEST, folders(...owners)] },
  to: { path: to },
});

const IO_MODULES = '^(?:node:)?(?:child_process|cluster|dgram|dns|fs|http|http2|https|net|tls)(?:/|$)';

/** Folders whose subfolders are units of their own, each with its own index.ts. */
const NESTED = 'alerts|config|fleet|providers|store|testing';
const ENTRANCES = [String.raw`^src/[^/]+/index\.ts$`, String.raw`^src/(?:${NESTED})/[^/]+/index\.ts$`];

/** The folders of `fleet`, each of which imports those before it only. */
export const FLEET_ROOMS = [
  'store',
  'replication',
  'membership',
  'evidence',
  'holds',
  'budget',
  'reporting',
  'probing',
  'recovery',
  'reactions',
] as const;

/** The folders of `alerts`: what is to be said, how it is sent, who sends it. */
export const ALERT_ROOMS = ['incidents', 'delivery', 'coordination'] as const;

/** A rule for each folder below `src/<parent>` but the last: it imports none that comes after it. */
function inOrder(parent: string, rooms: readonly string[]): IForbiddenRuleType[] {
  return rooms.slice(0, -1).map((room, i) => ({
    name: `${parent}-${room}-imports-no-later-folder`,
    comment: `src/${parent} has one direction: ${rooms.join(', ')}. What flows back is a signal.`,
    severity: 'error',
    from: { path: folders(`${parent}/${room}`), pathNot: TEST },
    to: { path: folders(...rooms.slice(i + 1).map((later) => `${parent}/${later}`)) },
  }));
}

export const forbidden: IForbiddenRuleType[] = [
  ...inOrder('fleet', FLEET_ROOMS),
  ...dashboardRules,
  ...inOrder('alerts', ALERT_ROOMS),
  {
    name: 'alerts-import-health-ports-and-zod-only',
    comment: 'alerts reads the fleet, the store and the network through ports: no socket, no configuration, no store.',
    severity: 'error',
    from: { path: folders('alerts'), pathNot: TEST },
    to: { pathNot: [folders('alerts', 'health', 'ports'), packages('zod'), '^(?:node:)?crypto$'] },
  },
  {
    name: 'incidents-of-alerts-are-pure',
    comment: 'Which alerts there are follows from the book and an observation alone: no package, no time, no delivery.',
    severity: 'error',
    from: { path: folders('alerts/incidents'), pathNot: TEST },
    to: { pathNot: folders('alerts', 'health', 'ports') },
  },
  {
    name: 'health-imports-nothing',
    comment: 'health is pure: time, randomness and ids are handed in.',
    severity: 'error',
    from: { path: folders('health'), pathNot: TEST },
    to: { pathNot: folders('health') },
  },
  {
    name: 'ports-import-health-only',
    comment: 'ports holds interfaces; they speak of health and of nothing else.',
    severity: 'error',
    from: { path: folders('ports'), pathNot: TEST },
    to: { pathNot: folders('ports', 'health') },
  },
  {
    name: 'ports-import-types-only',
    comment: 'ports takes types of health, no values: write `import type`.',
    severity: 'error',
    from: { path: folders('ports'), pathNot: TEST },
    to: { path: folders('health'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'api-imports-health-and-zod-only',
    comment: 'api is the JSON that clients see: types and schemas, which servers and clients share.',
    severity: 'error',
    from: { path: folders('api'), pathNot: TEST },
    to: { pathNot: [folders('api', 'health'), packages('zod')] },
  },
  {
    name: 'api-takes-types-of-health-only',
    comment: 'api takes types of health, no values: write `import type`.',
    severity: 'error',
    from: { path: folders('api'), pathNot: TEST },
    to: { path: folders('health'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'fleet-imports-health-and-ports-only',
    comment: 'fleet coordinates through ports: no store, no provider, no package.',
    severity: 'error',
    from: { path: folders('fleet'), pathNot: TEST },
    to: { pathNot: [folders('fleet', 'health', 'ports'), '^(?:node:)?[a-z_]+$'] },
  },
  {
    name: 'fleet-does-no-io',
    comment: 'fleet reaches files, sockets and processes through ports.',
    severity: 'error',
    from: { path: folders('fleet'), pathNot: TEST },
    to: { path: IO_MODULES },
  },
  onlyIn('ioredis', packages('ioredis'), ['store/redis']),
  onlyIn('undici', packages('undici'), ['upstream']),
  onlyIn('aws4fetch', packages('aws4fetch'), ['logins']),
  onlyIn('jose', packages('jose'), ['logins']),
  onlyIn('hono', packages('hono'), ['http']),
  // The composition root owns the listener that both handlers hang on.
  onlyIn('hono-node-server', packages('@hono/node-server'), ['server']),
  onlyIn('prom-client', packages('prom-client'), ['telemetry']),
  onlyIn('pino', packages('pino'), ['telemetry']),
  onlyIn('commander', packages('commander'), ['cli']),
  {
    name: 'http-knows-no-route',
    comment: 'http offers what every route needs; which routes there are, and what they answer, it never learns.',
    severity: 'error',
    from: { path: folders('http'), pathNot: TEST },
    to: { path: '^src/[^/]+/', pathNot: folders('http', 'api', 'litellm', 'ports', 'health') },
  },
  {
    name: 'routing-imports-health-and-ports-only',
    comment:
      'routing is pure: it reads the health of targets through a port, and knows no socket, no configuration, no package.',
    severity: 'error',
    from: { path: folders('routing'), pathNot: TEST },
    to: { pathNot: folders('routing', 'health', 'ports') },
  },
  {
    name: 'history-imports-health-and-ports-only',
    comment: 'history is pure: it calculates uptime and incidents from points and times that it is given.',
    severity: 'error',
    from: { path: folders('history'), pathNot: TEST },
    to: { pathNot: folders('history', 'health', 'ports') },
  },
  {
    name: 'gateway-does-not-import-admin',
    comment: 'gateway and admin are neighbours; what both need belongs to neither.',
    severity: 'error',
    from: { path: folders('gateway'), pathNot: TEST },
    to: { path: folders('admin') },
  },
  {
    name: 'admin-does-not-import-gateway',
    comment: 'gateway and admin are neighbours; what both need belongs to neither.',
    severity: 'error',
    from: { path: folders('admin'), pathNot: TEST },
    to: { path: folders('gateway') },
  },
  {
    name: 'server-and-library-alone-build-adapters',
    comment: 'Stores, probers and telemetry are wired up in server and library; others are handed ports.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TEST, folders('server', 'library', 'store', 'probe', 'telemetry', 'testing')] },
    to: { path: folders('store', 'probe', 'telemetry') },
  },
  {
    name: 'library-is-no-gateway',
    comment: 'library is what an application imports: no HTTP server, no configuration file, no command line.',
    severity: 'error',
    from: { path: folders('library', 'ai'), pathNot: TEST },
    to: {
      path: folders('server', 'gateway', 'admin', 'http', 'config', 'bridge', 'cli', 'telemetry', 'api'),
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'bridge-imports-health-and-ports-only',
    comment:
      'The bridge tells what it is handed through ports: no store, no configuration, no package, no node module.',
    severity: 'error',
    from: { path: folders('bridge'), pathNot: TEST },
    to: { pathNot: folders('bridge', 'health', 'ports') },
  },
  {
    name: 'server-and-cli-alone-import-the-bridge',
    comment: 'The bridge to another gateway is wired up in server, and commanded from cli.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TEST, folders('server', 'cli', 'bridge')] },
    to: { path: folders('bridge') },
  },
  {
    name: 'bridge-conditionals-only-in-config-bridge',
    comment: 'config/load.ts chooses the profile once; the other parts of config apply the rules that they are given.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TEST, String.raw`^src/config/(?:bridge/|load\.ts$)`] },
    to: { path: folders('config/bridge') },
  },
  {
    name: 'testing-is-for-tests-and-the-demo',
    comment: 'Doubles do not belong into what serves real requests.',
    severity: 'error',
    from: {
      path: '^src/',
      pathNot: [TEST, folders('testing', 'demo', 'cli/demo'), String.raw`^src/cli/demo[^/]*\.ts$`],
    },
    to: { path: folders('testing') },
  },
  {
    name: 'folders-are-entered-through-index',
    comment: "Import the folder's index.ts; the files behind it may move.",
    severity: 'error',
    from: { path: '^src/([^/]+)/', pathNot: TEST },
    to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', ...ENTRANCES] },
  },
  {
    name: 'root-files-enter-folders-through-index',
    comment: "Import the folder's index.ts; the files behind it may move.",
    severity: 'error',
    from: { path: String.raw`^src/[^/]+\.ts$`, pathNot: TEST },
    to: { path: '^src/[^/]+/', pathNot: ENTRANCES },
  },
  {
    name: 'nested-folders-are-entered-through-index',
    comment: "Import the subfolder's index.ts; the files behind it may move.",
    severity: 'error',
    from: { path: `^src/(${NESTED})/([^/]+)/`, pathNot: TEST },
    to: { path: '^src/$1/[^/]+/', pathNot: ['^src/$1/$2/', String.raw`^src/$1/[^/]+/index\.ts$`] },
  },
  {
    name: 'client-imports-types-of-api-and-health-only',
    comment:
      'client runs in browsers and workers with Web APIs alone: no node module, no package, and types of api only.',
    severity: 'error',
    from: { path: folders('client'), pathNot: TEST },
    to: { pathNot: folders('client', 'api', 'health') },
  },
  {
    name: 'client-takes-types-only',
    comment: 'client takes types of api and health, no values: write `import type`.',
    severity: 'error',
    from: { path: folders('client'), pathNot: TEST },
    to: { path: folders('api', 'health'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'client-is-for-other-programs',
    comment: 'Nothing of a pod needs the client; what both need is in api.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TEST, folders('client')] },
    to: { path: folders('client') },
  },
  {
    name: 'no-cycles',
    comment: 'Modules that import each other cannot be read one at a time.',
    severity: 'error',
    from: { path: '^src/', pathNot: TEST },
    to: { circular: true },
  },
  {
    name: 'traffic-imports-health-and-ports-only',
    comment: 'traffic turns reported requests into evidence: no store, no HTTP, no configuration, no package.',
    severity: 'error',
    from: { path: folders('traffic'), pathNot: TEST },
    to: { pathNot: folders('traffic', 'health', 'ports') },
  },
  {
    name: 'translation-is-pure',
    comment: 'translation turns one API format into another: bodies and events in, bodies and events out.',
    severity: 'error',
    from: { path: folders('translation'), pathNot: TEST },
    to: { pathNot: folders('translation', 'health', 'providers/wire') },
  },
  {
    name: 'litellm-is-pure',
    comment: 'litellm holds what must equal LiteLLM byte for byte: constants and functions, and no part of a pod.',
    severity: 'error',
    from: { path: folders('litellm'), pathNot: TEST },
    to: { pathNot: [folders('litellm', 'api', 'ports', 'health'), '^(?:node:)?crypto$'] },
  },
  {
    name: 'sources-stand-without-the-test-folder',
    comment: 'A test that needs test/support lives in test/unit; what src holds stands on src alone.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^test/' },
  },
  {
    name: 'imports-resolve',
    comment: 'The import leads nowhere.',
    severity: 'error',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
];
