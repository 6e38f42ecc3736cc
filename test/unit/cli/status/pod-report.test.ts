import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { NOW, pageOf, targetOf } from '../../../support/fleet-page.ts';
import type { FleetBody } from '../../../../src/api/index.ts';
import { readReports } from '../../../../src/cli/status/pod-report.ts';

describe('the sums of probe costs', () => {
  const withMoney = (asOf: string | null): FleetBody => {
    const page = pageOf([targetOf({})]);
    const target = { target: 'id-a', model: 'openai/a', worst_price_usd: 1, budget: page.money.budget, days: [] };
    return { ...page, money: { ...page.money, as_of: asOf, targets: [target] } };
  };

  it.each([
    ['not read yet', null, 2],
    ['old', '2026-11-23T05:59:30.000Z', 2],
    ['new', NOW, 1],
  ])('are asked for a second time if the pod shows them as %s', async (_, asOf, asked) => {
    const answers = [withMoney(asOf), withMoney(NOW)];
    let requests = 0;
    const server = createServer((_request, response) => response.end(JSON.stringify(answers[requests++])));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [report] = await readReports([{ url, key: undefined, timeoutMs: 5_000 }]);
    server.close();
    expect(report).toMatchObject({ kind: 'answered', page: { money: { as_of: NOW } } });
    expect(requests).toBe(asked);
  });
});
