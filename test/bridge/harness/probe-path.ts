import type { MockUpstream } from '../../../src/testing/index.ts';

const REROUTE = new URL('../../fleet/harness/reroute.ts', import.meta.url).href;

/** A bridge's own way to one port of the upstream: its probes can fail there while users' requests do not. */
export interface ProbePath {
  /** Environment of the bridge. */
  readonly env: Readonly<Record<string, string>>;
  /** Each probe on this way is answered with 401, which takes its target down at once. */
  fail(): Promise<void>;
  repair(): Promise<void>;
}

/** Opens one to the port with this place. */
export async function openProbePath(upstream: MockUpstream, place: number): Promise<ProbePath> {
  const common = upstream.ports[place];
  const own = await upstream.openPort(0);
  return {
    env: { NODE_OPTIONS: `--import=${REROUTE}`, ALLSWELL_TEST_ROUTES: `${common}:${own}` },
    fail: async () => await upstream.setFault(own, 'deny'),
    repair: async () => await upstream.setFault(own, 'none'),
  };
}
