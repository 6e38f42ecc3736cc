import type { MockUpstream } from '../../../src/testing/index.ts';
import type { PodShape } from './fleet.ts';

const REROUTE = new URL('./reroute.ts', import.meta.url).href;

/** A pod's own way to an upstream: it can be lost without the other pods noticing anything. */
export interface OwnWay {
  /** What to start the pod with. */
  readonly shape: PodShape;
  lose(): Promise<void>;
  /** A proxy on this way answers 401 in the name of every upstream. */
  deny(): Promise<void>;
  /** Something on the way to the first of the ports accepts connections, then drops them. */
  dropFirst(): Promise<void>;
  find(): Promise<void>;
}

/** Opens one more port for each of the upstream's ports, for one pod alone. */
export async function openOwnWay(upstream: MockUpstream): Promise<OwnWay> {
  const common = [...upstream.ports];
  const own: number[] = [];
  for (const _ of common) own.push(await upstream.openPort(0));
  const routes = common.map((port, i) => `${port}:${own[i]}`).join(',');
  const each = async (fault: 'refuse' | 'deny' | 'none'): Promise<void> => {
    await Promise.all(own.map((port) => upstream.setFault(port, fault)));
  };
  return {
    shape: { env: { NODE_OPTIONS: `--import=${REROUTE}`, ALLSWELL_TEST_ROUTES: routes } },
    lose: () => each('refuse'),
    deny: () => each('deny'),
    dropFirst: async () => {
      await Promise.all(own.slice(0, 1).map((port) => upstream.setFault(port, 'drop')));
    },
    find: () => each('none'),
  };
}
