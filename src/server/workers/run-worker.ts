import { readConfigFile } from '../../config/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import { createTraffic } from '../../http/index.ts';
import type { HotHandler } from '../../http/index.ts';
import { createLogins } from '../../logins/index.ts';
import type { Logger } from '../../ports/index.ts';
import { readableLimits } from '../../routing/index.ts';
import { createRequestCounts } from '../../telemetry/index.ts';
import { createTransport } from '../../upstream/index.ts';
import { openForwarding } from '../gateway/open-forwarding.ts';
import { createHotPath } from '../http/hot-path.ts';
import { listenWith } from '../http/listen.ts';
import { knownSecrets } from '../known-secrets.ts';
import { createPodLogger } from '../pod-logger.ts';
import { systemClock, systemRandom } from '../../system/index.ts';
import { machineMs } from './machine-clock.ts';
import type { FromWorker, StartMessage, ToWorker } from './messages.ts';
import { createMirroredShares } from './mirrored-shares.ts';
import { createMirroredView } from './mirrored-view.ts';
import { createOutbox } from './outbox.ts';
import { createPrimaryProxy } from './primary-proxy.ts';
import { limitsOfWorker } from './worker-limits.ts';

/** The members of a worker's process that this module uses. */
export type WorkerProcess = Pick<NodeJS.Process, 'on' | 'exit' | 'env' | 'memoryUsage' | 'cpuUsage'> & {
  send?(message: FromWorker, handle?: undefined, options?: undefined, sent?: () => void): boolean;
};

/**
 * Runs a worker of a pod: it forwards requests by the health that the primary process sends, and passes all other requests to it.
 * It ends with its primary process. Signals are the primary process' business: Ctrl-C reaches both.
 */
export function runWorker(process: WorkerProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(1));
  let worker: StartedWorker | undefined;
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'start') worker ??= start(message, process);
    else if (worker !== undefined) worker.handle(message);
    // The pod ends before this worker began.
    else if (message.kind === 'stop') process.exit(0);
  });
  process.send?.({ kind: 'ready' });
}

interface StartedWorker {
  handle(message: Exclude<ToWorker, StartMessage>): void;
}

function start(message: StartMessage, process: WorkerProcess): StartedWorker {
  const { address, logFlag, primaryPort } = message;
  const send = (sent: FromWorker): void => void process.send?.(sent);
  const secrets = knownSecrets(message.config);
  const logger = createPodLogger({ flag: logFlag, configured: message.config.logLevel, env: process.env })(
    secrets.redact,
  );
  endOnErrors(process, logger);
  const parts = openParts(message, { process, logger, redact: secrets.redact, send });
  const { view, shares, outbox, traffic, forwarding } = parts;
  const proxy = createPrimaryProxy(primaryPort);
  const limitsOf = (config: AllswellConfig): AllswellConfig => limitsOfWorker(config, message.workers);
  let handlers: readonly HotHandler[] = [forwarding.handlerFor(limitsOf(message.config))];
  const hotPath = createHotPath({ handlers: () => handlers, traffic, logger });
  const listening = listenWith(proxy.pass, {
    host: address.host,
    port: address.port,
    sharing: address.sharing === 'reuse-port' ? 'reuse-port' : 'exclusive',
    limits: limitsOf(message.config).gateway,
    rootPath: message.config.rootPath,
    hot: counted(hotPath, outbox),
    cut: () => forwarding.cut(),
  });
  listening.then(
    () => send({ kind: 'listening' }),
    (error: unknown) => fatal(error, { process, logger }),
  );
  const stop = async (drainMs: number): Promise<void> => {
    await (await listening).close(drainMs);
    await forwarding.close();
    proxy.close();
    // The last counts: the process ends when they are written.
    process.send?.(outbox.close(), undefined, undefined, () => process.exit(0));
  };
  return {
    handle: (next) => {
      switch (next.kind) {
        case 'view':
          view.apply(next);
          return send({ kind: 'applied' });
        case 'configure':
          secrets.add(next.config);
          forwarding.reconfigure(next.config);
          handlers = [forwarding.handlerFor(limitsOf(next.config))];
          return;
        case 'shares':
          shares.apply(next.update);
          // Others wait for what was given up.
          return outbox.touched();
        case 'read':
          return outbox.read();
        case 'sync':
          return outbox.sync(next.number);
        case 'drain':
          return void listening.then((listener) => listener.drain()).catch(() => undefined);
        case 'stop':
          stop(next.drainMs).catch((error: unknown) => fatal(error, { process, logger }));
      }
    },
  };
}

interface Around {
  readonly process: WorkerProcess;
  readonly logger: Logger;
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- plain parts
function openParts(
  message: StartMessage,
  { process, logger, redact, send }: Around & { redact: (text: string) => string; send: (message: FromWorker) => void },
) {
  const { config, host, podName, version } = message;
  const view = createMirroredView(machineMs);
  view.apply(message.view);
  const counts = createRequestCounts();
  const traffic = createTraffic();
  const outbox = createOutbox({
    counts,
    inFlight: () => traffic.inFlight,
    appliedShares: () => shares.applied,
    resources: () => {
      const { user, system } = process.cpuUsage();
      return { residentBytes: process.memoryUsage.rss(), cpuS: (user + system) / 1e6 };
    },
    clock: systemClock,
    send,
  });
  const shares = createMirroredShares((deployment, use) => outbox.used(deployment, use));
  const transport = createTransport({ clock: systemClock });
  const forwarding = openForwarding(config, {
    view,
    // The primary process leases them, and shows them in metrics.
    shares: { ...readableLimits(shares), start: () => {}, giveBack: () => Promise.resolve() },
    sink: outbox,
    host,
    podName,
    logins: createLogins({ transport, clock: systemClock, readFile: readConfigFile }),
    clock: systemClock,
    random: systemRandom,
    logger,
    redact,
    version,
    metrics: counts,
  });
  shares.apply(message.shares);
  return { view, shares, outbox, traffic, forwarding };
}

/** Notes the begin and the end of each request, so that the number in flight reaches the primary process. */
function counted(hot: HotHandler, { touched }: { touched: () => void }): HotHandler {
  return (incoming, outgoing) => {
    touched();
    const answered = hot(incoming, outgoing);
    if (typeof answered !== 'boolean') void answered.finally(touched);
    return answered;
  };
}

/** A worker in an unknown state must not go on; the primary process starts another one. */
function endOnErrors(process: WorkerProcess, logger: Logger): void {
  process.on('uncaughtException', (error) => fatal(error, { process, logger }));
  process.on('unhandledRejection', (error) => fatal(error, { process, logger }));
}

function fatal(error: unknown, { process, logger }: Around): void {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  logger.error(`Ended by an unexpected error, to be reported with allswell diagnose: ${why}`);
  process.exit(1);
}
