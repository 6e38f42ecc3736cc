import type { MockUpstream } from '../../../src/testing/index.ts';
import type { PodShape } from './fleet.ts';

const REROUTE = new URL('./reroute.ts', import.meta.url).href;

/** A pod's own way to an upstream: it can be lost without the other pods noticing anything. */
export interface OwnPath {
  /** What to start the pod with. */
  readonly shape: PodShape;
  refuse(): Promise<void>;
  /** A proxy on this way answers 401 in the name of every upstream. */
  deny(): Promise<void>;
  /** Something on the way to the first of the ports accepts connections, then drops them. */
  dropFirst(): Promise<void>;
  repair(): Promise<void>;
}

/** Opens one more port for each of the upstream's ports, for one pod alone. */
export async function openOwnPath(upstream: MockUpstream): Promise<OwnPath> {
  const common = [...upstream.ports];
  const own: number[] = [];
  for (const _ of common) own.push(await upstream.openPort(0));
  const routes = common.map((port, i) => `${port}:${own[i]}`).join(',');
  const each = async (fault: 'refuse' | 'deny' | 'none'): Promise<void> => {
    await Promise.all(own.map((port) => upstream.setFault(port, fault)));
  };
  return {
    shape: { env: { NODE_OPTIONS: `--import=${REROUTE}`, ALLSWELL_TEST_ROUTES: routes } },
    refuse: () => each('refuse'),
    deny: () => each('deny'),
    dropFirst: async () => {
      await Promise.all(own.slice(0, 1).map((port) => upstream.setFault(port, 'drop')));
    },
    repair: () => each('none'),
  };
}
