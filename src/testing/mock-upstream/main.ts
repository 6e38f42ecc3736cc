import { parseArgs } from 'node:util';
import { startMockUpstream } from './start.ts';

// A process of its own for tests, demo and benchmark. Prints one line of JSON when it is ready; ends on SIGTERM,
// SIGINT, or with the parent that it has a channel to.
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    'extra-ports': { type: 'string', default: '' },
    models: { type: 'string' },
  },
});

const upstream = await startMockUpstream({
  port: Number(values.port),
  controlPort: Number(values['control-port']),
  extraPorts: list(values['extra-ports']).map(Number),
  ...(values.models === undefined ? {} : { listed: list(values.models) }),
});

const { url, apiBase, controlUrl, ports } = upstream;
console.log(JSON.stringify({ url, apiBase, controlUrl, ports, pid: process.pid }));

// Without exit(), Node sometimes never comes to its end after the last handle is closed, and uses a whole processor.
const stop = (): void => void upstream.close().finally(() => process.exit());
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
process.once('disconnect', stop);
// The parent may have gone while this process was starting.
if (process.connected === false) stop();

function list(text: string): string[] {
  return text.split(',').filter((part) => part !== '');
}
