import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createProgram } from '../../src/cli/program.ts';
import { formatProblems, loadConfig } from '../../src/config/index.ts';
import { routeTable } from '../../src/server/http/route-table.ts';
import { aclRules, bridgeAclRules, cooldownAclRules, routerAclRules } from '../../src/store/redis/index.ts';
import { pages, readPage } from './markdown.ts';

interface Probe {
  readonly httpGet: { readonly path: string };
}

interface Container {
  readonly ports: readonly { readonly name: string }[];
  readonly args: readonly string[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly volumeMounts: readonly { readonly name: string }[];
  readonly securityContext: object;
  readonly resources: object;
}

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly selector: { readonly matchLabels: unknown };
    readonly template: {
      readonly metadata: { readonly labels: unknown };
      readonly spec: {
        readonly securityContext: object;
        readonly containers: readonly Container[];
        readonly volumes: readonly { name: string }[];
      };
    };
  };
}

interface Service {
  readonly spec: { readonly ports: readonly { readonly targetPort: string }[] };
}

const pathOf = (probe: Probe | undefined): string | undefined => probe?.httpGet.path;

const all = pages();
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Receivers of alerts need a URL or a key. */
const alertEnv = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/x',
  ALERT_WEBHOOK_URL: 'https://example.com/alerts',
  ALERT_WEBHOOK_SECRET: 'whsec_c2VjcmV0',
  PAGERDUTY_ROUTING_KEY: 'r'.repeat(32),
};

describe('what the documentation shows', () => {
  it('names only npm scripts that exist', () => {
    const named = all.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, script = '']) => ({ path, script })),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  const yaml = all.flatMap(({ path, blocks, text }) => [
    ...blocks
      .filter(({ language, note }) => language === 'yaml' && !/^(kubernetes$|of another program: )/.test(note))
      .map((block) => ({ path, ...block })),
    ...[...text.matchAll(/<<'YAML'\n(.*?)^YAML$/gms)].map(([, inside = '']) => ({ path, line: 0, text: inside })),
  ]);

  it.each(yaml)('has YAML that a pod accepts, in $path at line $line', ({ text }) => {
    const loaded = loadConfig({ text, env: { REDIS_HOST: 'redis', ...alertEnv }, readFile: () => 'a certificate' });
    expect(loaded.kind === 'refused' ? formatProblems(loaded.problems) : '').toBe('');
    const notes = loaded.kind === 'loaded' ? loaded.notes.map(({ message }) => message) : [];
    // Variables are the reader's, a fragment need not have models, callbacks are LiteLLM's.
    expect(
      notes.filter(
        (note) => !/environment variable|model_list has no models|master_key is|callbacks is ignored/.test(note),
      ),
    ).toEqual([]);
  });

  const manifests = all.flatMap(({ path, blocks }) =>
    blocks.filter(({ note }) => note === 'kubernetes').map((block) => ({ path, ...block })),
  );

  it.each(manifests)('has a Deployment that a cluster would start, in $path at line $line', ({ text }) => {
    const [deployment, service] = parseAllDocuments(text).map((document) => document.toJS() as unknown);
    const { kind, spec } = deployment as Deployment;
    expect(kind).toBe('Deployment');
    const ports = spec.template.spec.containers.flatMap((container) => container.ports.map(({ name }) => name));
    expect(service).toMatchObject({ kind: 'Service', spec: { selector: spec.selector.matchLabels } });
    expect(ports).toEqual((service as Service).spec.ports.map(({ targetPort }) => targetPort));
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
    const [container] = spec.template.spec.containers;
    const mounted = container?.volumeMounts.map(({ name }) => name);
    expect(spec.template.spec.volumes.map(({ name }) => name)).toEqual(mounted);
    const [name = '', ...flags] = container?.args ?? [];
    const command = createProgram().commands.find((one) => one.name() === name);
    expect(command?.parseOptions(flags)).toEqual({ operands: [], unknown: [] });
    const paths = Object.values(routeTable).flatMap((route) => route.paths);
    expect(paths).toEqual(expect.arrayContaining([container?.livenessProbe, container?.readinessProbe].map(pathOf)));
  });

  it.each(manifests)('has a pod without any right that it does not need, in $path at line $line', ({ text }) => {
    const [deployment] = parseAllDocuments(text).map((document) => document.toJS() as Deployment);
    const { securityContext, containers } = deployment?.spec.template.spec ?? { containers: [] };
    expect(securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(containers.map((one) => one.securityContext)).toEqual([
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    ]);
    expect(containers[0]?.resources).toMatchObject({ requests: { cpu: '50m' }, limits: { memory: '256Mi' } });
  });

  it('gives a Redis user exactly the rights that the contract suite is run with', () => {
    const [acl] = readPage('docs/how-to/run-on-redis.md').blocks.filter(({ note }) => note === 'acl');
    expect(acl?.text).toBe(`ACL SETUSER allswell on >a-long-password ${aclRules('default')}\n`);
    const [more] = readPage('docs/how-to/stop-litellm-probing.md').blocks.filter(({ note }) => note === 'bridge acl');
    expect(more?.text).toBe(`${bridgeAclRules(null)} ${cooldownAclRules(null)}\n`);
    const [router] = readPage('docs/how-to/stop-litellm-probing.md').blocks.filter(({ note }) => note === 'router acl');
    expect(router?.text).toBe(`ACL SETUSER allswell on >a-long-password ${routerAclRules(null)}\n`);
  });
});
