import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AllswellConfig } from '../../config/index.ts';
import type { FleetReader, Logger } from '../../ports/index.ts';
import { edsFileName, edsText } from './eds-text.ts';
import { envoyGroups } from './envoy-groups.ts';
import type { EnvoyGroup } from './envoy-groups.ts';
import { createHostAddresses } from './host-addresses.ts';
import type { HostAddresses, HostAddressesInput } from './host-addresses.ts';
import { createPasses } from './passes.ts';
import type { Pass } from './passes.ts';

/** Keeps a file for each model group, from which Envoy discovers endpoints and their health. */
export interface EdsFiles {
  start(): void;
  /** Applies another configuration. */
  renew(): void;
  /** Resolves after a running write. The files stay. */
  stop(): Promise<void>;
}

export interface EdsFilesInput extends Pick<HostAddressesInput, 'clock' | 'logger' | 'lookup'> {
  readonly dir: string;
  readonly fleet: Pick<FleetReader, 'target' | 'onChange'>;
  /** The running configuration. */
  readonly config: () => AllswellConfig;
}

/** The first files wait this long for the health of all upstreams: those of the last run are better than none. */
const FIRST_WRITE_MS = 5_000;
export function createEdsFiles({ dir, clock, fleet, config, lookup, logger }: EdsFilesInput): EdsFiles {
  let phase: 'waiting' | 'writing' = 'waiting';
  const write = createWriter(dir, logger);
  const hosts = createHostAddresses({ clock, logger, lookup, onChange: () => passes.request() });
  const passes = createPasses(clock, async () => {
    const beganMs = clock.monotonicMs();
    const groups = envoyGroups(config(), fleet);
    if (phase === 'waiting' && isKnown(groups, hosts)) phase = 'writing';
    const files = phase === 'writing' ? filesOf(groups, hosts) : [];
    const tookMs = clock.monotonicMs() - beganMs;
    let outcome: Pass['outcome'] = 'done';
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    for (const { name, text } of files) if ((await write(name, text)) === 'failed') outcome = 'failed';
    return { tookMs, outcome };
  });
  const renew = (): void => {
    hosts.know(envoyGroups(config(), fleet).flatMap(({ upstreams }) => upstreams.map((one) => one.hostname)));
    passes.request();
  };
  const first = (): void => {
    phase = 'writing';
    passes.request();
  };
  let end = (): void => {};
  return {
    start: () => {
      const timer = clock.setTimer(FIRST_WRITE_MS, first);
      const unsubscribe = fleet.onChange(({ kind }) => {
        if (kind === 'verdict-changed' || kind === 'hold-changed') passes.request();
      });
      end = () => {
        timer.cancel();
        unsubscribe();
      };
      renew();
      logger.info(`Envoy endpoints are written to ${dir}`);
    },
    renew,
    stop: async () => {
      end();
      hosts.stop();
      await passes.stop();
    },
  };
}

function isKnown(groups: readonly EnvoyGroup[], hosts: HostAddresses): boolean {
  const upstreams = groups.flatMap((group) => group.upstreams);
  return upstreams.every(({ up, hostname }) => up !== 'unknown' && hosts.of(hostname).length > 0);
}

interface EdsFile {
  readonly name: string;
  readonly text: string;
}

function filesOf(groups: readonly EnvoyGroup[], hosts: HostAddresses): readonly EdsFile[] {
  return groups.flatMap((group) => {
    const text = edsText(group, hosts);
    return text === undefined ? [] : [{ name: edsFileName(group.name), text }];
  });
}

/** Replaces a file at once where its text differs. */
function createWriter(
  dir: string,
  logger: Logger,
): (name: string, text: string) => Promise<'same' | 'written' | 'failed'> {
  let isFailing = false;
  return async (name, text) => {
    const path = join(dir, name);
    // From the disk: the file may have been deleted or replaced.
    const before = await readFile(path, 'utf8').catch(() => undefined);
    if (before === text) return 'same';
    try {
      const draft = join(dir, `.${name}.${process.pid}`);
      await writeFile(draft, text);
      await rename(draft, path);
      isFailing = false;
      return 'written';
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? String(error);
      if (!isFailing) {
        logger.warn(
          `Envoy endpoints of ${name} not written: ${why}. To fix: make fleet_health.envoy_eds_dir a directory that this pod can write to`,
        );
      }
      isFailing = true;
      return 'failed';
    }
  };
}
