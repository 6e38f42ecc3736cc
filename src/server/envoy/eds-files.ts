import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AllswellConfig } from '../../config/index.ts';
import type { FleetReader, Logger, Timer } from '../../ports/index.ts';
import { edsFileName, edsText } from './eds-text.ts';
import { envoyGroups } from './envoy-groups.ts';
import type { EnvoyGroup } from './envoy-groups.ts';
import { createHostAddresses } from './host-addresses.ts';
import type { HostAddresses, HostAddressesInput } from './host-addresses.ts';

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
/** From a change to the files: a large outage changes many targets at once. */
const GATHER_MS = 50;
/** Least part of the time that is left for other work. */
const PAUSE_FACTOR = 20;

export function createEdsFiles(input: EdsFilesInput): EdsFiles {
  const { clock, fleet, config, lookup, logger, dir } = input;
  let phase: 'waiting' | 'writing' | 'stopped' = 'waiting';
  let running: Promise<void> | undefined;
  let isOutdated = false;
  let next: Timer | undefined;
  const write = createWriter(dir, logger);
  const hosts = createHostAddresses({ clock, logger, lookup, onChange: () => change() });
  const change = (): void => {
    isOutdated = true;
    if (next === undefined && running === undefined) schedule(GATHER_MS);
  };
  const schedule = (delayMs: number): void => {
    next = clock.setTimer(delayMs, () => {
      next = undefined;
      running = pass().then(({ tookMs, failed }) => {
        running = undefined;
        if (phase === 'stopped') return;
        if (isOutdated) schedule(Math.max(GATHER_MS, PAUSE_FACTOR * tookMs));
        else if (failed > 0) schedule(RETRY_MS);
      });
    });
  };
  /** Writes what differs. */
  const pass = async (): Promise<{ tookMs: number; failed: number }> => {
    const beganMs = clock.monotonicMs();
    isOutdated = false;
    const groups = envoyGroups(config(), fleet);
    if (phase === 'waiting' && isKnown(groups, hosts)) phase = 'writing';
    const texts = phase === 'writing' ? groups.map((group) => [group.name, edsText(group, hosts)] as const) : [];
    const tookMs = clock.monotonicMs() - beganMs;
    let failed = 0;
    for (const [name, text] of texts) {
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      if (text !== undefined && (await write(edsFileName(name), text)) === 'failed') failed += 1;
    }
    return { tookMs, failed };
  };
  const know = (): void => {
    hosts.know(envoyGroups(config(), fleet).flatMap(({ upstreams }) => upstreams.map((one) => one.hostname)));
    change();
  };
  let ended = (): void => {};
  return {
    start: () => {
      const first = clock.setTimer(FIRST_WRITE_MS, () => {
        if (phase === 'waiting') phase = 'writing';
        change();
      });
      const unsubscribe = fleet.onChange(({ kind }) => {
        if (kind === 'verdict-changed' || kind === 'hold-changed') change();
      });
      ended = () => {
        first.cancel();
        unsubscribe();
      };
      know();
      logger.info(`Envoy endpoints are written to ${dir}`);
    },
    renew: know,
    stop: async () => {
      phase = 'stopped';
      ended();
      hosts.stop();
      next?.cancel();
      await running;
    },
  };
}

function isKnown(groups: readonly EnvoyGroup[], hosts: HostAddresses): boolean {
  const upstreams = groups.flatMap((group) => group.upstreams);
  return upstreams.every(({ up, hostname }) => up !== 'unknown' && hosts.of(hostname).length > 0);
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
