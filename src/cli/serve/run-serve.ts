import { formatRefusal, loadConfig, readConfigFile } from '../../config/index.ts';
import type { LoadedConfig, RequestedProfile } from '../../config/index.ts';
import { AllswellError, errorRegistry } from '../../errors.ts';
import { letHeapGrow } from '../small-heap.ts';
import { createPodLogger, reloadOnChange, startServer, stopOnSignals } from '../../server/index.ts';
import { loadForServe } from './load-for-serve.ts';
import type { PodFlags } from './serve-flags.ts';

/** The parts of the process that `serve` uses. */
export type ServeProcess = Pick<NodeJS.Process, 'env' | 'exit' | 'on' | 'stderr'> & {
  exitCode?: NodeJS.Process['exitCode'];
};

/** Loads the configuration, starts a pod and leaves it running. Sets the exit status where that cannot be done. */
export async function runServe(
  flags: PodFlags,
  process: ServeProcess,
  profile: RequestedProfile = 'serve',
  workers = 1,
): Promise<void> {
  // A hang-up that comes before there is anything to reload must not end the pod. Nothing is missed: files that change
  // after they were read are read again.
  process.on('SIGHUP', () => undefined);
  const read = (by: RequestedProfile, fleet?: string): LoadedConfig =>
    loadConfig({
      ...(flags.config !== undefined && { file: flags.config }),
      ...(fleet !== undefined && { fleet }),
      profile: by,
      env: process.env,
      readFile: readConfigFile,
    });
  const load = profile === 'serve' ? loadForServe(read) : (fleet?: string): LoadedConfig => read(profile, fleet);
  const readAtMs = Date.now();
  const loaded = load();
  if (loaded.kind === 'refused') {
    process.stderr.write(`${formatRefusal(loaded)}\n`);
    process.exitCode = exitStatusOf(loaded.problems[0]?.code);
    return;
  }
  const flag = flags.debug === true || flags.detailed_debug === true ? 'debug' : 'none';
  try {
    const server = await startServer(loaded.config, {
      onFirstRequest: letHeapGrow,
      host: flags.host,
      port: flags.port,
      notes: loaded.notes,
      ...(workers > 1 && { workers: { count: workers, logFlag: flag } }),
      endpoints: profile === 'bridge' ? 'health' : 'all',
      createLogger: createPodLogger({ flag, configured: loaded.config.logLevel, env: process.env }),
    });
    stopOnSignals(server, process);
    reloadOnChange(server, { load, files: loaded.files, readAtMs, process });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const named = error instanceof AllswellError ? `${error.code}: ` : '';
    process.stderr.write(`${named}${error.message}\n`);
    process.exitCode = error instanceof AllswellError ? error.exitStatus : 1;
  }
}

function exitStatusOf(code: keyof typeof errorRegistry = 'ALLSWELL_ERR_CONFIG_INVALID'): number {
  return errorRegistry[code].exitStatus;
}
