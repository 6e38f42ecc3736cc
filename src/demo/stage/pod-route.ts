import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

// Loaded into a demo pod before anything else (`--import`). All pods of a fleet must call an upstream by the same URL,
// since the URL is part of what makes a target. Here each pod nevertheless gets a way there of its own: connections to
// the ports in the URLs are made to this pod's port of the upstream instead. Closing that port takes the network away
// from one pod, and really: its connections are refused by the system, and nothing in the pod knows of the demo.
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
// Also for those who wrote `import { connect } from 'node:net'`.
syncBuiltinESMExports();

// A demo that was killed cannot stop its pods: they see their channel to it close.
process.once('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);
