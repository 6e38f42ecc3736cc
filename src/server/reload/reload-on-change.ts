import type { RunningServer } from '../start-server.ts';
import type { LoadAgain } from './reload.ts';
import type { SignalledProcess } from '../stop-on-signals.ts';
import { watchFiles } from './watch-files.ts';

export interface ReloadOnChange {
  readonly load: LoadAgain;
  /** The configuration file and its includes at the start. */
  readonly files: readonly string[];
  /** Start of that read, wall clock. */
  readonly readAtMs: number;
  readonly process: Pick<SignalledProcess, 'on'>;
}

/** Reloads the configuration on SIGHUP, and when one of its files changed. */
export function reloadOnChange(
  server: Pick<RunningServer, 'reload'>,
  { load, files, readAtMs, process }: ReloadOnChange,
): { stop(): void } {
  const reload = (): void => {
    const nowMs = Date.now();
    watch.set(server.reload(load).files, nowMs);
  };
  const watch = watchFiles(reload);
  watch.set(files, readAtMs);
  process.on('SIGHUP', reload);
  return watch;
}
