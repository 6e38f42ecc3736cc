import { describe, expect, it } from 'vitest';
import { testWorld } from '../../../support/fleet-parts.ts';
import type { MemberInfo } from '../../../../src/ports/index.ts';
import { PolicyMismatchLog } from '../../../../src/fleet/membership/policy-mismatch-log.ts';

function watching() {
  const { options, logger } = testWorld();
  const policies = new PolicyMismatchLog(options({ policyHash: 'ours' }));
  const lines = (): string[] => logger.lines.splice(0).map(({ level, message }) => `${level} ${message}`);
  const look = (...members: readonly (readonly [pod: string, policyHash: string])[]): string[] => {
    policies.check(members.map(([pod, policyHash]) => member(pod, policyHash)));
    return lines();
  };
  return { look };
}

function member(pod: string, policyHash: string): MemberInfo {
  return {
    pod,
    version: '1',
    policyHash,
    targetsHash: 't',
    startedAt: 1,
    impaired: false,
    host: pod,
    domain: pod,
    blind: [],
    unreached: [],
  };
}

describe('pods that judge by another policy', () => {
  it('are warned about once: who, what it means, what to do', () => {
    const { look } = watching();
    const [line, ...more] = look(['pod_a', 'ours'], ['pod_b', 'theirs']);
    expect(more).toEqual([]);
    expect(line).toBe(
      'warn Pods have different health policies: pod_b have policy theirs, this pod has ours; ' +
        'their verdicts may differ. To fix: finish the deploy, or give all pods the same health settings',
    );
    expect(look(['pod_a', 'ours'], ['pod_b', 'theirs'], ['pod_c', 'theirs'])).toEqual([]);
  });

  it('are nothing to tell of while all judge alike', () => {
    const { look } = watching();
    expect(look(['pod_a', 'ours'], ['pod_b', 'ours'])).toEqual([]);
    expect(look()).toEqual([]);
  });

  it('are named three at a time, and each policy has its line', () => {
    const { look } = watching();
    const lines = look(['a', 'x'], ['b', 'x'], ['c', 'x'], ['d', 'x'], ['e', 'x'], ['f', 'y']);
    expect(lines).toEqual([
      expect.stringContaining('a, b, c and 2 more have policy x, this pod has ours;'),
      expect.stringContaining(': f have policy y, this pod has ours;'),
    ]);
  });

  it('are logged as gone when the last one is, and again when they return', () => {
    const { look } = watching();
    look(['pod_b', 'x'], ['pod_c', 'y']);
    expect(look(['pod_b', 'x'])).toEqual([]);
    expect(look(['pod_a', 'ours'])).toEqual(['info All pods have the same health policy again']);
    expect(look(['pod_a', 'ours'])).toEqual([]);
    expect(look(['pod_b', 'x'])).toHaveLength(1);
  });
});
