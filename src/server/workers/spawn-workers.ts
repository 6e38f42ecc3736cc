import cluster from 'node:cluster';
import { programPath } from '../../package-files.ts';
import type { Spawn } from './worker-slot.ts';

/**
 * Starts workers as processes of node:cluster. A worker without a channel to its primary process exits at once, so none is left
 * where the primary process is killed.
 */
export function clusterSpawn(): Spawn {
  cluster.setupPrimary({ exec: programPath('server/workers/worker-main'), args: [], serialization: 'advanced' });
  return ({ message, exit }) => {
    const worker = cluster.fork();
    worker.on('message', (received: unknown) => message(received));
    worker.on('exit', (code: number | null, signal: string | null) => {
      const ended = (): void => exit(signal ?? `exit status ${code}`);
      // What it sent before its end is read first.
      if (worker.isConnected()) worker.once('disconnect', ended);
      else ended();
    });
    worker.on('error', ({ message: why }) => {
      // One that runs cannot be written to because it has just ended: its exit event follows.
      if (worker.process.pid === undefined) exit(`it could not be started: ${why}`);
    });
    return {
      pid: worker.process.pid,
      send: (sent) => {
        if (worker.isConnected()) worker.send(sent, () => {});
      },
      kill: (signal) => void worker.process.kill(signal),
    };
  };
}
