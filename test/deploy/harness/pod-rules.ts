import { expect } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import { routeTable } from '../../../src/server/http/route-table.ts';
import type { KubernetesObject } from './kubernetes.ts';

/** Expects of a Deployment of allswell what every one of them must have: no right too many, and what the program understands. */
export function expectConfinedPod(deployment: KubernetesObject): void {
  const { template, selector } = deployment.spec ?? {};
  if (template === undefined) return expect.unreachable(`${deployment.metadata.name} has no pods`);
  expect(template.metadata.labels).toMatchObject(selector?.matchLabels ?? { none: '' });
  const { containers, securityContext, volumes } = template.spec;
  expect(securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 65_532,
    runAsGroup: 65_532,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  const [container] = containers;
  if (container === undefined) return expect.unreachable(`${deployment.metadata.name} has no container`);
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  const [name = '', ...flags] = container.args;
  const command = createProgram().commands.find((one) => one.name() === name);
  expect(command?.parseOptions(flags)).toEqual({ operands: [], unknown: [] });
  const paths = Object.values(routeTable).flatMap((route) => route.paths);
  const probed = [container.livenessProbe, container.readinessProbe].map((probe) => probe.httpGet.path);
  expect(paths).toEqual(expect.arrayContaining(probed));
  expect(probed).toEqual(['/health/liveliness', '/health/readiness']);
  expect(volumes.map((one) => one.name)).toEqual(container.volumeMounts.map((one) => one.name));
  const variables = Object.fromEntries(container.env.map((one) => [one.name, one.valueFrom ?? one.value]));
  expect(variables).toMatchObject({
    POD_NAME: { fieldRef: { fieldPath: 'metadata.name' } },
    ALLSWELL_FAILURE_DOMAIN: { fieldRef: { fieldPath: 'spec.nodeName' } },
  });
}
