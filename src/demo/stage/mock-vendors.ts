import { programPath } from '../../package-files.ts';
import { remoteMockUpstream } from '../../testing/index.ts';
import type { Behaviour, RemoteMockUpstream } from '../../testing/index.ts';
import { spawnNode } from './child.ts';
import type { Child } from './child.ts';
import { VENDORS, vendorEnv } from './demo-config.ts';

/** The upstream of the demo: one counting process that acts as all vendors, each on its own port. */
export interface MockVendors {
  readonly pid: number;
  readonly remote: RemoteMockUpstream;
  /** Ports in the URLs of the configuration. */
  readonly vendorPorts: readonly number[];
  /** One more port per pod. */
  readonly podPorts: readonly number[];
  readonly env: Readonly<Record<string, string>>;
  /** Behaviour of a healthy model. */
  healthy(model: string): Behaviour;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 15_000;

export async function startMockVendors(pods: number): Promise<MockVendors> {
  const free = Array.from({ length: VENDORS - 1 + pods }, () => '0').join(',');
  const child = spawnNode([programPath('testing/mock-upstream/main'), '--extra-ports', free], {});
  const { controlUrl, ports } = await readReadyLine(child);
  const vendorPorts = ports.slice(0, VENDORS);
  return {
    pid: child.pid,
    remote: remoteMockUpstream(controlUrl),
    vendorPorts,
    podPorts: ports.slice(VENDORS),
    env: vendorEnv(vendorPorts),
    healthy,
    // It has no work to finish.
    stop: async () => await child.kill(),
  };
}

/** About the time that such models take for a few tokens. Answers within a millisecond would look unreal. */
function healthy(model: string): Behaviour {
  if (model.startsWith('o3')) return { kind: 'slow', ms: 910 };
  if (model.includes('embedding')) return { kind: 'slow', ms: 85 };
  return { kind: 'slow', ms: model.includes('mini') ? 290 : 420 };
}

interface ReadyLine {
  readonly controlUrl: string;
  readonly ports: readonly number[];
}

async function readReadyLine(child: Child): Promise<ReadyLine> {
  try {
    const [line] = await child.line(/^\{.*\}$/, READY_LIMIT_MS);
    return JSON.parse(line) as ReadyLine;
  } catch (error) {
    await child.kill();
    throw new Error(`The mock upstream ${error instanceof Error ? error.message : 'did not start'}`, { cause: error });
  }
}
