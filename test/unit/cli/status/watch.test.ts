import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captured } from '../../../support/captured.ts';
import { pageOf, targetOf } from '../../../support/fleet-page.ts';
import { runStatus } from '../../../../src/cli/status/run-status.ts';
import type { StatusOptions } from '../../../../src/cli/status/run-status.ts';

const targets = Array.from({ length: 40 }, (_, i) =>
  targetOf({
    target: `t${i}`,
    deployments: [{ model_name: `g${i % 2}`, model_id: `${i}` }],
    state: i < 25 ? 'down' : 'up',
    why: 'a reason that is far longer than any terminal of this width could show in one line',
  }),
);
const server = createServer((_request, response) => response.end(JSON.stringify(pageOf(targets))));
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function shown(options: Partial<StatusOptions>, terminal = {}): Promise<string> {
  const { process, stdout } = captured();
  Object.assign(process.stdout, terminal);
  const whole = { shows: 'status', output: 'lines', watchMs: 1, ...options } as const;
  await runStatus([{ url, key: undefined, timeoutMs: 5_000 }], whole, { process, end: AbortSignal.abort() });
  return stdout();
}

describe('allswell status --watch', () => {
  it('fits a terminal, the worst targets first, and says how many lines are missing', async () => {
    const text = await shown({}, { isTTY: true, columns: 60, rows: 20 });
    const lines = stripVTControlCharacters(text).trimEnd().split('\n');
    expect(lines).toHaveLength(19);
    expect(Math.max(...lines.map((line) => line.length))).toBe(60);
    expect(lines.find((line) => line.startsWith('  '))).toBeDefined();
    expect(lines.at(-2)).toMatch(/^ {2}down {2}g\d /);
    expect(lines.at(-1)).toMatch(/^… \d+ more lines: use a larger window, --group or --state$/);
  });

  it('writes all lines whole where the output is no terminal', async () => {
    expect(await shown({})).toContain('could show in one line');
  });

  it('shows the targets of a group and a state only', async () => {
    const text = await shown({ filter: { groups: ['g1'], states: ['up'] } });
    expect(text).toContain('TARGETS 8: 8 up\n');
    expect(text).not.toContain('g0');
    const json = JSON.parse(await shown({ output: 'json', filter: { groups: [], states: ['down'] } })) as {
      readonly pods: readonly { readonly fleet: { readonly targets: readonly unknown[] } }[];
    };
    expect(json.pods[0]?.fleet.targets).toHaveLength(25);
    const size = Buffer.byteLength(JSON.stringify(targets[0]?.record));
    expect(json.pods[0]).toMatchObject({ record_bytes: { mean: size, max: size } });
  });
});
