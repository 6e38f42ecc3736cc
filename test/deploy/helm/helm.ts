import { spawn } from 'node:child_process';
import { deployTool } from '../harness/kubernetes.ts';

export const CHART = 'deploy/helm/allswell';
// Compiled without the flags of a release, Helm takes itself for one of Kubernetes 1.20.
export const KUBE_VERSION: readonly string[] = ['--kube-version', '1.30.0'];

/** What Helm answered. */
export interface HelmAnswer {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs Helm without the settings and the cluster of whoever runs the test. */
export async function helm(...args: readonly string[]): Promise<HelmAnswer> {
  const child = spawn(deployTool('helm') ?? '', args, {
    env: { HOME: '/nonexistent', KUBECONFIG: '/nonexistent/config' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (part) => (output += String(part)));
  child.stderr.on('data', (part) => (errors += String(part)));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { status, output, errors };
}
