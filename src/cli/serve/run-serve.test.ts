import { expect, it } from 'vitest';
import { runServe } from './run-serve.ts';

it('outlives a hang-up from its first moment on', async () => {
  const heard: string[] = [];
  const said: string[] = [];
  const process = {
    env: {},
    exit: () => {
      throw new Error('nothing ends here');
    },
    on: (signal: string) => heard.push(signal),
    stderr: { write: (text: string) => said.push(text) },
    exitCode: 0,
  };
  const running = runServe({ config: '/no/such/file.yaml', host: '127.0.0.1', port: 0 }, process as never);
  expect(heard).toEqual(['SIGHUP']);
  await running;
  expect([said.join(''), process.exitCode]).toEqual([expect.stringContaining('ALLSWELL_ERR_CONFIG_UNREADABLE'), 2]);
});
