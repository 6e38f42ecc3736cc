import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TargetView } from '../../../src/ports/index.ts';
import { createEdsFiles } from '../../../src/server/envoy/eds-files.ts';
import type { EdsFiles } from '../../../src/server/envoy/eds-files.ts';
import { edsFileName, edsText } from '../../../src/server/envoy/eds-text.ts';
import { envoyGroups } from '../../../src/server/envoy/envoy-groups.ts';
import type { EnvoyUpstream } from '../../../src/server/envoy/envoy-groups.ts';
import { manualClock, until } from '../../../src/testing/index.ts';
import type { ManualClock } from '../../../src/testing/index.ts';
import { downView, NOW, upView } from '../../golden/fleet-double.ts';
import { measuredPod } from '../../golden/measured-pod.ts';
import type { MeasuredPod } from '../../golden/measured-pod.ts';

const failure = { class: 'server', status: 500, message: 'no' } as const;
const drain = { kind: 'drain', until: null, by: 'ops', reason: 'test', version: NOW } as const;

/** One endpoint on one line. */
function shown(text: string | undefined): string[] {
  const { resources } = JSON.parse(text ?? '{"resources":[]}') as { resources: Record<string, unknown>[] };
  return resources.flatMap((resource) => {
    const [{ lb_endpoints: endpoints }] = resource['endpoints'] as [{ lb_endpoints: Endpoint[] }];
    return endpoints.map(({ endpoint, health_status: status, load_balancing_weight: weight }) => {
      const { address, port_value: port } = endpoint.address.socket_address;
      return `${address}:${port} ${endpoint.hostname} ${status} ${weight}`;
    });
  });
}

interface Endpoint {
  readonly endpoint: {
    readonly address: { readonly socket_address: { readonly address: string; readonly port_value: number } };
    readonly hostname: string;
  };
  readonly health_status: string;
  readonly load_balancing_weight: number;
}

function podOf(...deployments: readonly (readonly [group: string, base: string, more?: string])[]): MeasuredPod {
  const list = deployments.map(([group, base, more = '']) => {
    return `{ model_name: "${group}", litellm_params: { model: openai/m, api_base: "${base}", api_key: sk-x${more} } }`;
  });
  return measuredPod(undefined, [], `\nmodel_list: [${list.join(', ')}]`);
}

describe('the upstreams of groups', () => {
  it('have host and port of what requests call, the best state at each, and the weight of the file', () => {
    const pod = podOf(
      ['a', 'https://one.example/v1'],
      ['a', 'http://two.example:8000/v1', ', weight: 3'],
      ['a', 'http://[::1]/v1'],
      ['a', 'http://two.example:8000/v2'],
      ['b/*', 'http://10.0.0.1:81'],
    );
    const [, two = '', , again = ''] = pod.config.targets.map(({ id }) => id);
    pod.fleet.set(downView(two, failure));
    pod.fleet.set(upView(again));
    expect(envoyGroups(pod.config, pod.fleet)).toEqual([
      {
        name: 'a',
        upstreams: [
          { hostname: 'one.example', port: 443, up: 'unknown', weight: 1 },
          { hostname: 'two.example', port: 8_000, up: 'up', weight: 1 },
          { hostname: '::1', port: 80, up: 'unknown', weight: 1 },
        ],
      },
      { name: 'b/*', upstreams: [{ hostname: '10.0.0.1', port: 81, up: 'unknown', weight: 1 }] },
    ]);
  });
});

describe('the text of a file', () => {
  const upstream = (change: Partial<EnvoyUpstream>): EnvoyUpstream => {
    return { hostname: 'h', port: 80, up: 'up', weight: 1, ...change };
  };
  const text = (upstreams: readonly EnvoyUpstream[], addresses: Record<string, string[]> = { h: ['10.0.0.1'] }) =>
    edsText({ name: 'g', upstreams }, { of: (hostname) => addresses[hostname] ?? [] });

  it.each([
    ['up', 'HEALTHY 100'],
    ['degraded', 'HEALTHY 25'],
    ['suspect', 'HEALTHY 100'],
    ['unknown', 'UNKNOWN 100'],
    ['drained', 'DRAINING 100'],
    ['down', 'UNHEALTHY 100'],
  ] as const)('has status and weight of an upstream that is %s', (up, expected) => {
    expect(shown(text([upstream({ up })]))).toEqual([`10.0.0.1:80 h ${expected}`]);
  });

  it('divides a weight among addresses, whatever their order, and gives each at least 1', () => {
    const both = text([upstream({ weight: 2 })], { h: ['10.0.0.2', '10.0.0.1'] });
    expect(shown(both)).toEqual(['10.0.0.1:80 h HEALTHY 100', '10.0.0.2:80 h HEALTHY 100']);
    expect(text([upstream({ weight: 2 })], { h: ['10.0.0.1', '10.0.0.2'] })).toBe(both);
    expect(shown(text([upstream({ weight: 0 })]))).toEqual(['10.0.0.1:80 h HEALTHY 1']);
  });

  it('leaves out what has no address, and is nothing without any', () => {
    expect(shown(text([upstream({}), upstream({ hostname: 'lost' })]))).toEqual(['10.0.0.1:80 h HEALTHY 100']);
    expect(text([upstream({ hostname: 'lost' })])).toBeUndefined();
  });

  it('has another version for another content only', () => {
    const version = (up: EnvoyUpstream['up']): unknown => JSON.parse(text([upstream({ up })]) ?? '')['version_info'];
    expect(version('up')).toBe(version('suspect'));
    expect(version('up')).not.toBe(version('down'));
  });

  it('is in a file whose name no group can lead elsewhere', () => {
    expect(['gpt-4o', 'openai/*', '../x', '.', ''].map(edsFileName)).toEqual([
      'gpt-4o.json',
      'openai%2F%2A.json',
      '..%2Fx.json',
      '..json',
      '.json',
    ]);
  });
});

describe('the files', () => {
  let dir: string;
  let clock: ManualClock;
  let files: EdsFiles | undefined;
  let lines: string[];
  let addresses: Record<string, string[]>;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'allswell-eds-'));
    clock = manualClock();
    lines = [];
    addresses = { 'a.example': ['10.0.0.1'], 'b.example': ['10.0.0.2'] };
  });
  afterEach(async () => {
    await files?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const start = (pod: MeasuredPod, into = dir): void => {
    const note = (line: string): void => void lines.push(line);
    files = createEdsFiles({
      dir: into,
      clock,
      fleet: pod.fleet,
      config: () => pod.config,
      lookup: async (hostname) =>
        addresses[hostname] ?? (await Promise.reject(Object.assign(new Error('gone'), { code: 'ENOTFOUND' }))),
      logger: { debug: note, info: note, warn: note, error: note },
    });
    files.start();
  };
  const read = (name: string): string[] => shown(readFileSync(join(dir, name), 'utf8'));
  const sees = async (name: string, expected: readonly string[]): Promise<void> => {
    const fits = (): boolean => {
      clock.advance(50);
      return JSON.stringify(read(name)) === JSON.stringify(expected);
    };
    await until(fits, { withinMs: 5_000, what: `${name} to be ${JSON.stringify(expected)}` });
  };
  const tell = (pod: MeasuredPod, view: TargetView): void => {
    pod.fleet.set(view);
    pod.fleet.tell({ kind: 'verdict-changed', target: view.id, from: 'up', to: view.state, view });
  };
  const two = (): MeasuredPod =>
    podOf(['g', 'http://a.example/v1'], ['g', 'http://b.example/v1'], ['h/*', 'http://a.example']);

  it('appear once all upstreams are judged and resolved, and follow changes and holds', async () => {
    const pod = two();
    const [one = '', other = '', third = ''] = pod.config.targets.map(({ id }) => id);
    start(pod);
    tell(pod, upView(one));
    tell(pod, upView(third));
    clock.advance(4_000);
    expect(readdirSync(dir)).toEqual([]);
    tell(pod, downView(other, failure));
    await sees('g.json', ['10.0.0.1:80 a.example HEALTHY 100', '10.0.0.2:80 b.example UNHEALTHY 100']);
    await sees('h%2F%2A.json', ['10.0.0.1:80 a.example HEALTHY 100']);
    pod.fleet.set(upView(one, { effective: 'down', hold: drain }));
    pod.fleet.tell({ kind: 'hold-changed', target: one, view: upView(one) });
    await sees('g.json', ['10.0.0.1:80 a.example DRAINING 100', '10.0.0.2:80 b.example UNHEALTHY 100']);
    expect(readdirSync(dir)).toEqual(['g.json', 'h%2F%2A.json']);
    expect(lines).toEqual([`Envoy endpoints are written to ${dir}`]);
  });

  it('of the last run stay until all is judged, for five seconds at most', async () => {
    writeFileSync(join(dir, 'g.json'), 'old');
    const pod = two();
    start(pod);
    await until(() => lines.length > 0, { withinMs: 5_000, what: 'the start' });
    clock.advance(4_999);
    expect(readFileSync(join(dir, 'g.json'), 'utf8')).toBe('old');
    clock.advance(1);
    await sees('g.json', ['10.0.0.1:80 a.example UNKNOWN 100', '10.0.0.2:80 b.example UNKNOWN 100']);
  });

  it('are not written again while nothing changes, also after a restart', async () => {
    const pod = two();
    for (const { id } of pod.config.targets) pod.fleet.set(upView(id));
    start(pod);
    await sees('g.json', ['10.0.0.1:80 a.example HEALTHY 100', '10.0.0.2:80 b.example HEALTHY 100']);
    await files?.stop();
    const { ino } = statSync(join(dir, 'g.json'));
    start(pod);
    const [one = '', other = ''] = pod.config.targets.map(({ id }) => id);
    tell(pod, upView(one, { state: 'suspect', effective: 'suspect' }));
    await sees('h%2F%2A.json', ['10.0.0.1:80 a.example HEALTHY 100']);
    await files?.stop();
    expect(statSync(join(dir, 'g.json')).ino).toBe(ino);
    start(pod);
    tell(pod, downView(other, failure));
    await sees('g.json', ['10.0.0.1:80 a.example HEALTHY 100', '10.0.0.2:80 b.example UNHEALTHY 100']);
    expect(statSync(join(dir, 'g.json')).ino).not.toBe(ino);
  });

  it('follow addresses, and keep those of a name that is lost', async () => {
    const pod = podOf(['g', 'http://a.example/v1']);
    pod.fleet.set(upView(pod.config.targets[0]?.id ?? ''));
    start(pod);
    await sees('g.json', ['10.0.0.1:80 a.example HEALTHY 100']);
    addresses['a.example'] = ['10.0.0.9'];
    clock.advance(30_000);
    await sees('g.json', ['10.0.0.9:80 a.example HEALTHY 100']);
    addresses = {};
    clock.advance(60_000);
    await until(() => lines.length === 2, { withinMs: 5_000, what: 'a line' });
    expect(lines[1]).toContain('a.example cannot be resolved (ENOTFOUND); addresses found before stay in use');
    expect(read('g.json')).toEqual(['10.0.0.9:80 a.example HEALTHY 100']);
  });

  it('that cannot be written are tried again, with one line', async () => {
    const pod = podOf(['g', 'http://10.0.0.1/v1']);
    pod.fleet.set(upView(pod.config.targets[0]?.id ?? ''));
    const later = join(dir, 'later');
    start(pod, later);
    clock.advance(50);
    await until(() => lines.length === 2, { withinMs: 5_000, what: 'a line' });
    expect(lines[1]).toMatch(/^Envoy endpoints of g\.json not written: ENOENT\./);
    mkdirSync(later);
    const fits = (): boolean => {
      clock.advance(5_000);
      return readdirSync(later).includes('g.json');
    };
    await until(fits, { withinMs: 5_000, what: 'the file' });
    expect(lines).toHaveLength(2);
  });
});
