import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

// Loaded into a demo pod before all other modules (`--import`). All pods of a fleet must call an upstream by the same URL,
// because the URL is part of the target's identity. This module redirects connections from the ports in the URLs to this
// pod's own port of the upstream. Closing that port cuts the network of one pod: the system refuses its connections, and
// the pod's code is unchanged.
//
// ALLSWELL_DEMO_ROUTE  "<port>,<port>,…><own port>"

const [shared = '', own = ''] = (process.env['ALLSWELL_DEMO_ROUTE'] ?? '').split('>');
const rerouted = new Set(shared.split(',').map(Number));
const connect = net.connect;

Object.assign(net, {
  connect: (...args: unknown[]): unknown => {
    const [to, ...rest] = args;
    const isRerouted = typeof to === 'object' && to !== null && 'port' in to && rerouted.has(Number(to.port));
    return Reflect.apply(connect, net, isRerouted ? [{ ...to, port: Number(own) }, ...rest] : args);
  },
});
// Needed for modules that use `import { connect } from 'node:net'`.
syncBuiltinESMExports();

// A killed demo cannot stop its pods. They exit when their channel to it closes.
process.once('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);
