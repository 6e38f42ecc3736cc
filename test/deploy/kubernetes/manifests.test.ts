import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packageVersion } from '../../../src/package-files.ts';
import { deployTool, objectsOf, refusedByKubernetes } from '../harness/kubernetes.ts';
import type { KubernetesObject } from '../harness/kubernetes.ts';
import { expectConfinedPod } from '../harness/pod-rules.ts';
import { validated } from '../harness/validate-command.ts';

const FOLDER = 'deploy/kubernetes';
const FILES = ['gateway', 'bridge', 'redis', 'secret.example'] as const;
const textOf = (name: string): string => readFileSync(`${FOLDER}/${name}.yaml`, 'utf8');
const gateway = objectsOf(textOf('gateway'));
const missing = deployTool('kubeconform') === undefined;

describe.skipIf(missing)(missing ? 'kubeconform is not there: run .ci/fetch-helm' : 'checked by kubeconform', () => {
  it.each(FILES)('%s.yaml has nothing that Kubernetes would refuse', (name) => {
    expect(refusedByKubernetes(textOf(name))).toBe('');
  });

  it('would refuse a key that Kubernetes does not have', () => {
    expect(refusedByKubernetes(textOf('gateway').replace('maxUnavailable: 1\n', 'maxUnavailabel: 1\n'))).toContain(
      'maxUnavailabel',
    );
  });
});

describe('the plain manifests', () => {
  it.each(['gateway', 'bridge'])('%s.yaml runs pods without a right that they do not need', (name) => {
    expectConfinedPod(one(objectsOf(textOf(name)), 'Deployment'));
  });

  it.each(['gateway', 'bridge', 'redis'])('%s.yaml leads its Service to its pods', (name) => {
    const objects = objectsOf(textOf(name));
    const { spec } = one(objects, 'Deployment');
    const service = one(objects, 'Service') as unknown as {
      spec: { selector: object; ports: { targetPort: string }[] };
    };
    expect(service.spec.selector).toEqual(spec?.selector?.matchLabels);
    expect(service.spec.ports.map((port) => port.targetPort)).toEqual(
      spec?.template?.spec.containers[0]?.ports.map((port) => port.name),
    );
  });

  it('name one image, of the version of the package', () => {
    const images = ['gateway', 'bridge'].map(
      (name) => one(objectsOf(textOf(name)), 'Deployment').spec?.template?.spec.containers[0]?.image,
    );
    expect(images).toEqual(images.map(() => `registry.example.com/allswell:${packageVersion()}`));
  });

  it('tell pods how many they are', () => {
    const { spec } = one(gateway, 'Deployment');
    const expected = spec?.template?.spec.containers[0]?.env.find(
      ({ name }) => name === 'ALLSWELL_EXPECTED_PODS',
    )?.value;
    expect(expected).toBe(String(spec?.replicas));
  });

  it('have a file that allswell accepts, with the variables of the example Secret', async () => {
    const secret = one(objectsOf(textOf('secret.example')), 'Secret') as KubernetesObject & {
      stringData: Record<string, string>;
    };
    const file = one(gateway, 'ConfigMap').data?.['proxy_config.yaml'] ?? '';
    const named = [...file.matchAll(/os\.environ\/(\w+)/g)].map(([, name = '']) => name);
    expect(Object.keys(secret.stringData)).toEqual(expect.arrayContaining(named));
    const printed = await validated(file, secret.stringData);
    expect(printed).not.toMatch(/environment variable|has no effect|ignored/);
  });
});

function one(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`not one ${kind} but ${found.length}`);
  return only;
}
