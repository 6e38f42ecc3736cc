import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The parts of a Kubernetes object that the tests read. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: PodTemplate;
  };
}

/** The template of a pod. */
export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly terminationGracePeriodSeconds: number;
    readonly automountServiceAccountToken?: boolean;
    readonly containers: readonly Container[];
    readonly volumes: readonly { readonly name: string }[];
  };
}

/** A container of a pod. */
export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly livenessProbe: { readonly httpGet: { readonly path: string } };
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

/** The path of Helm or kubeconform as `.ci/fetch-helm` leaves it, if they are there. */
export function deployTool(name: 'helm' | 'kubeconform'): string | undefined {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const machine = process.arch === 'x64' ? 'x86_64' : 'aarch64';
  const folder = process.env['HELM_FOLDER'] ?? join(cache, 'allswell', `helm-v3.18.6-v0.7.0-${machine}`);
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}

/** The objects of a YAML stream. */
export function objectsOf(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((one) => one !== null);
}

/** What kubeconform finds in the manifests: keys and values that Kubernetes would refuse. Empty if nothing. */
export function refusedByKubernetes(manifests: string): string {
  const schemas = 'test/deploy/schemas/{{.ResourceKind}}{{.KindSuffix}}.json';
  const run = spawnSync(deployTool('kubeconform') ?? '', ['-strict', '-schema-location', schemas], {
    input: manifests,
    encoding: 'utf8',
  });
  if (run.error) throw run.error;
  return run.status === 0 ? '' : run.stdout + run.stderr;
}
