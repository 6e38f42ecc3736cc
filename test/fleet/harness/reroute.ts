import { Socket } from 'node:net';

// Loaded into one pod by NODE_OPTIONS=--import, so that this pod alone can lose its way while its configuration, and
// with it the identity of every target, stays that of the others: connections to a port of the upstream go to another
// port, which only this pod uses and which the test can close. Errors are the kernel's own.
//
//   ALLSWELL_TEST_ROUTES=40001:40011,40002:40012

const routes = new Map(
  (process.env['ALLSWELL_TEST_ROUTES'] ?? '').split(',').map((route): [number, number] => {
    const [from, to] = route.split(':').map(Number);
    return [from ?? 0, to ?? 0];
  }),
);

// oxlint-disable-next-line typescript/unbound-method -- called with its socket below
const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;

Socket.prototype.connect = function rerouted(this: Socket, ...args: unknown[]): Socket {
  // net.connect() hands its arguments over as one list; everybody else begins with the options.
  const first = args[0];
  const options: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof options === 'object' && options !== null && 'port' in options) {
    options.port = routes.get(Number(options.port)) ?? options.port;
  }
  return connect.apply(this, args);
};
