import type { ProbeTarget } from '../config/index.ts';
import type { Prober } from '../ports/index.ts';
import { asksBy } from '../providers/index.ts';
import { systemClock, systemRandom } from '../system/index.ts';
import type { LibraryDeployment, TargetPace } from './deployments.ts';

/** What makes probes. */
export interface LibraryProber {
  readonly prober: Prober;
  close(): Promise<void>;
}

/** What probes are made with. */
export interface ProberInput {
  readonly pace: TargetPace;
  /** The requests of users that stand in for probes. */
  readonly trials: Prober;
  readonly version: string;
}

/**
 * Where probes are off, requests stand in for them; only connections are opened, to tell a fault of this process from one of an
 * upstream. The parts that send probes are loaded when the first one is made.
 */
export async function openProber(
  deployments: readonly LibraryDeployment[],
  { pace, trials, version }: ProberInput,
): Promise<LibraryProber> {
  const targets = new Map(deployments.map((one) => [one.target, probeTargetOf(one, pace)]));
  let opened: Promise<LibraryProber> | undefined;
  const real = async (): Promise<LibraryProber> => await (opened ??= openHttpProber(targets, version));
  // An application that asked for probes learns at once whether they can be made.
  if (pace.level !== undefined) await real();
  return {
    prober: {
      probe: async (target, level, signal, adaptation) => {
        if (pace.level === undefined && level === 'inference') return await trials.probe(target, level, signal);
        return await (await real()).prober.probe(target, level, signal, adaptation);
      },
    },
    close: async () => await (await opened)?.close(),
  };
}

async function openHttpProber(targets: ReadonlyMap<string, ProbeTarget>, version: string): Promise<LibraryProber> {
  const [{ httpProber }, { createTransport }, { genaiPrices }, { createLogins }] = await Promise.all([
    import('../probe/index.ts'),
    import('../upstream/index.ts'),
    import('../providers/pricing/index.ts'),
    import('../logins/index.ts'),
  ]);
  const transport = createTransport({ clock: systemClock });
  const logins = createLogins({ transport, clock: systemClock, readFile: noFile });
  const ports = { clock: systemClock, random: systemRandom, prices: genaiPrices(), transport, logins, version };
  return {
    prober: httpProber({ ...ports, targets: (id) => targets.get(id) }),
    close: async () => await transport.close(),
  };
}

function noFile(path: string): never {
  throw new Error(`no upstream of the library logs in with a file, and this one names ${path}`);
}

/** Longest time to open a connection, where that is all that is tested. */
const CONNECT_MS = 10_000;
/** The least that every model accepts. */
const MAX_TOKENS = 16;

function probeTargetOf(
  { target, holdKey, id, host, call, upstream }: LibraryDeployment,
  pace: TargetPace,
): ProbeTarget {
  const mode = upstream.mode ?? 'chat';
  return {
    ...call,
    id: target,
    holdKey,
    name: id,
    host,
    mode: asksBy(call.wire, mode) ? mode : 'other',
    level: pace.level ?? 'connect',
    intervalMs: pace.intervalMs,
    timeoutMs: pace.level === undefined ? CONNECT_MS : pace.timeoutMs,
    limitName: 'max_tokens',
    maxTokens: MAX_TOKENS,
    prompt: "What's 1 + 1?",
    healthCheckParams: {},
    background: pace.level !== undefined,
    priceModel: call.upstreamModel,
  };
}
