import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AllswellConfig } from '../../config/index.ts';
import type { FleetReader, Logger, Timer } from '../../ports/index.ts';
import { edsFileName, edsText } from './eds-text.ts';
import { envoyGroups } from './envoy-groups.ts';
import { createHostAddresses } from './host-addresses.ts';
import type { HostAddressesInput } from './host-addresses.ts';

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
/** From a failed write to the next one. */
const RETRY_MS = 5_000;

export function createEdsFiles({ dir, clock, fleet, config, lookup, logger }: EdsFilesInput): EdsFiles {
  let phase: 'waiting' | 'writing' | 'stopped' = 'waiting';
  let running: Promise<void> | undefined;
  let isOutdated = false;
  let retrying: Timer | undefined;
  const write = createWriter(dir, logger);
  const groupsNow = () => envoyGroups(config(), fleet);
  const hosts = createHostAddresses({ clock, logger, lookup, onChange: () => change() });
  const isKnown = (): boolean =>
    groupsNow().every(({ upstreams }) =>
      upstreams.every(({ up, hostname }) => up !== 'unknown' && hosts.of(hostname).length > 0),
    );
  const run = async (): Promise<void> => {
    while (isOutdated) {
      isOutdated = false;
      for (const group of groupsNow()) {
        const text = edsText(group, (hostname) => hosts.of(hostname));
        // oxlint-disable-next-line no-await-in-loop -- one file after the other
        if (text !== undefined && (await write(edsFileName(group.name), text)) === 'failed') retry();
      }
    }
    running = undefined;
  };
  const retry = (): void => {
    retrying?.cancel();
    retrying = clock.setTimer(RETRY_MS, () => change());
  };
  const change = (): void => {
    if (phase === 'waiting' && isKnown()) phase = 'writing';
    if (phase !== 'writing') return;
    isOutdated = true;
    running ??= run();
  };
  const know = (): void => hosts.know(groupsNow().flatMap(({ upstreams }) => upstreams.map((one) => one.hostname)));
  const begin = (): void => {
    if (phase === 'waiting') phase = 'writing';
    change();
  };
  let ended = (): void => {};
  return {
    start: () => {
      const first = clock.setTimer(FIRST_WRITE_MS, begin);
      const unsubscribe = fleet.onChange(({ kind }) => {
        if (kind === 'verdict-changed' || kind === 'hold-changed') change();
      });
      ended = () => {
        first.cancel();
        unsubscribe();
      };
      know();
      change();
      logger.info(`Envoy endpoints are written to ${dir}`);
    },
    renew: () => {
      know();
      change();
    },
    stop: async () => {
      phase = 'stopped';
      isOutdated = false;
      ended();
      hosts.stop();
      retrying?.cancel();
      await running;
    },
  };
}

/** Replaces a file at once where its text differs. */
function createWriter(
  dir: string,
  logger: Logger,
): (name: string, text: string) => Promise<'same' | 'written' | 'failed'> {
  const written = new Map<string, string>();
  let isFailing = false;
  return async (name, text) => {
    const path = join(dir, name);
    const before = written.get(name) ?? (await readFile(path, 'utf8').catch(() => undefined));
    if (before === text) return 'same';
    try {
      const draft = join(dir, `.${name}.${process.pid}`);
      await writeFile(draft, text);
      await rename(draft, path);
      written.set(name, text);
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
