import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { findPort, portSharing } from './port-sharing.ts';

it.each([
  ['linux', '23.1.0', 'reuse-port'],
  ['linux', '24.21.0', 'reuse-port'],
  ['linux', '23.0.0', 'handle'],
  ['linux', '22.12.0', 'handle'],
  ['darwin', '24.21.0', 'handle'],
] as const)('on %s with Node %s workers share the port by %s', (platform, node, sharing) => {
  expect(portSharing({ platform, versions: { node } })).toBe(sharing);
});

it('finds a free port, and refuses one that another process has, even if that would share it', async () => {
  const free = await findPort('127.0.0.1', 0);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen({ host: '127.0.0.1', port: free, reusePort: true }, resolve));
  expect((other.address() as AddressInfo).port).toBe(free);
  await expect(findPort('127.0.0.1', free)).rejects.toMatchObject({ code: 'ALLSWELL_ERR_PORT_IN_USE' });
  await new Promise((resolve) => other.close(resolve));
  expect(await findPort('127.0.0.1', free)).toBe(free);
});
