import { afterEach, beforeEach } from 'vitest';
import { startMockUpstream } from '../../src/testing/index.ts';
import type { MockUpstream } from '../../src/testing/index.ts';
import { openRealPods } from './real-pods.ts';
import type { RealPods } from './real-pods.ts';

/** Real pods and an upstream, created before and closed after each test of the calling file. */
export function podsAndUpstream(): { readonly pods: RealPods; readonly upstream: MockUpstream } {
  let pods: RealPods;
  let upstream: MockUpstream;
  beforeEach(async () => {
    pods = openRealPods();
    upstream = await startMockUpstream();
  });
  afterEach(async () => {
    await pods.close();
    await upstream.close();
  });
  return {
    get pods() {
      return pods;
    },
    get upstream() {
      return upstream;
    },
  };
}
