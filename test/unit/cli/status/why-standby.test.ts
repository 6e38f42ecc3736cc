import { describe, expect, it } from 'vitest';
import { pageOf, targetOf } from '../../../support/fleet-page.ts';
import type { FleetBody } from '../../../../src/api/index.ts';
import { findWhy } from '../../../../src/cli/status/find-why.ts';
import type { Finding } from '../../../../src/cli/status/finding.ts';

function bridgeFinding(livePods: number, holder: string | null): Finding | undefined {
  const page = pageOf([targetOf({})]);
  const why = 'this pod is impaired and does not publish';
  const whole: FleetBody = {
    ...page,
    pods: page.pods.slice(0, livePods),
    bridge: { ...page.bridge, state: 'standby', why, holder },
    setup: { ...page.setup, litellm_bridge: true },
  };
  const found = findWhy([{ kind: 'answered', url: 'http://pod_a', page: whole }]);
  return found.find(({ code }) => code.startsWith('bridge-'));
}

describe('what allswell status --why finds about a bridge that does not publish', () => {
  it('is a note where another pod can publish, and says where the other findings are', () => {
    expect(bridgeFinding(2, null)).toMatchObject({ code: 'bridge-standby', level: 'note' });
    expect(bridgeFinding(2, 'pod_b')?.todo).toContain('ask it, too');
  });

  it('is a problem where an impaired pod is the only one', () => {
    expect(bridgeFinding(1, null)).toMatchObject({
      code: 'bridge-withheld',
      level: 'problem',
      says: 'No pod publishes results for LiteLLM: pod_a is the only one, and this pod is impaired and does not publish',
    });
  });
});
