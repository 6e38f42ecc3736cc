import { isIP } from 'node:net';
import type { Clock, Logger, Timer } from '../../ports/index.ts';

/** IP addresses of host names, resolved in the background: reading never waits. */
export interface HostAddresses {
  /** Empty until the first resolution of this host; later the last ones that were found. */
  of(hostname: string): readonly string[];
  /** The hosts to resolve from now on. */
  know(hostnames: readonly string[]): void;
  stop(): void;
}

export interface HostAddressesInput {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lookup: (hostname: string) => Promise<readonly string[]>;
  /** Called after addresses changed. */
  readonly onChange: () => void;
}

/** Time between resolutions. */
const REFRESH_MS = 30_000;

export function createHostAddresses({ clock, logger, lookup, onChange }: HostAddressesInput): HostAddresses {
  const found = new Map<string, readonly string[]>();
  const failing = new Set<string>();
  // A resolver that hangs must not be asked again and again: all lookups of the process share few threads.
  const asking = new Set<string>();
  let known: readonly string[] = [];
  let timer: Timer | undefined;
  let isStopped = false;
  const resolve = async (hostname: string): Promise<void> => {
    if (asking.has(hostname)) return;
    asking.add(hostname);
    const outcome = await lookup(hostname).then(
      (addresses) => ({ addresses: [...new Set(addresses)].toSorted() }),
      (error: NodeJS.ErrnoException) => ({ why: error.code ?? error.message }),
    );
    asking.delete(hostname);
    if (isStopped) return;
    if ('why' in outcome) {
      if (failing.has(hostname)) return;
      failing.add(hostname);
      logger.warn(
        `Envoy endpoints: ${hostname} cannot be resolved (${outcome.why}); addresses found before stay in use. To fix: check the name and its DNS server`,
      );
      return;
    }
    failing.delete(hostname);
    if (outcome.addresses.join(' ') === found.get(hostname)?.join(' ')) return;
    found.set(hostname, outcome.addresses);
    onChange();
  };
  const refresh = (): void => {
    timer?.cancel();
    for (const hostname of known) void resolve(hostname);
    timer = clock.setTimer(REFRESH_MS, refresh);
  };
  return {
    of: (hostname) => (isIP(hostname) > 0 ? [hostname] : (found.get(hostname) ?? [])),
    know: (hostnames) => {
      const next = [...new Set(hostnames)].filter((hostname) => isIP(hostname) === 0);
      if (isStopped || next.join(' ') === known.join(' ')) return;
      known = next;
      refresh();
    },
    stop: () => {
      isStopped = true;
      timer?.cancel();
    },
  };
}
