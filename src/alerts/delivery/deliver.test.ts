import { describe, expect, it } from 'vitest';
import type { AlertReceiver } from '../../ports/index.ts';
import { noticeOf } from '../incidents/index.ts';
import { activeAlerts, deliver } from './index.ts';
import type { HttpPost, PostAnswer } from './index.ts';

const member = { key: 'k', kind: 'target-down', label: 'a', since: 5_000_000_000, why: 'x', goneSince: null } as const;
const notice = noticeOf(
  {
    id: 'i',
    place: 'p',
    openedAt: 5_000_000_000,
    members: [{ ...member, endedAt: null, end: null }],
    receivers: [],
    updated: false,
  },
  'trigger',
  6_000_000_000,
);
const ops: AlertReceiver = { name: 'ops', type: 'webhook', url: 'http://receiver/hook', kinds: [] };
const WALL_MS = 9_000_000;

interface Sent {
  readonly requests: readonly HttpPost[];
  readonly answer: string;
}

async function sent(receiver: Partial<AlertReceiver>, of = notice, text = ''): Promise<Sent> {
  const requests: HttpPost[] = [];
  const result = await deliver({
    receiver: { ...ops, ...receiver },
    notice: of,
    fleet: 'f',
    wallMs: WALL_MS,
    redact: (said) => said.replaceAll('hunter2hunter2', '***'),
    post: (request): Promise<PostAnswer> => {
      requests.push(request);
      return Promise.resolve({ kind: 'answer', status: text === '' ? 200 : 400, text });
    },
  });
  return { requests, answer: result.answer };
}

describe('a delivery', () => {
  it('removes secrets from an answer before it is cut', async () => {
    const { answer } = await sent({}, notice, `${'x'.repeat(110)}hunter2hunter2`);
    expect(answer).not.toContain('hunter');
  });

  it('sends the user and password of a URL as basic authentication', async () => {
    const { requests } = await sent({ url: 'http://us%40er:p%20w%zz@receiver/hook' });
    const credentials = `Basic ${btoa('us@er:p%20w%zz')}`;
    expect(requests[0]?.headers['authorization']).toBe(credentials);
    expect(requests[0]?.url.href).toBe('http://receiver/hook');
    expect((await sent({})).requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('keeps the query of the URL of an Alertmanager', async () => {
    const { requests } = await sent({ type: 'alertmanager', url: 'http://am/base/?token=t' });
    expect(requests[0]?.url.href).toBe('http://am/base/api/v2/alerts?token=t');
  });

  it('ends alerts by the clock of this machine, which Alertmanager compares with its own', async () => {
    const ends = ({ body }: HttpPost): readonly number[] => {
      const [alert] = JSON.parse(body) as { startsAt: string; endsAt: string }[];
      return [Date.parse(alert?.startsAt ?? ''), Date.parse(alert?.endsAt ?? '')];
    };
    const receiver: AlertReceiver = { ...ops, type: 'alertmanager', url: 'http://am' };
    expect(ends(activeAlerts(receiver, [notice], { fleet: 'f', wallMs: WALL_MS }))).toEqual([
      5_000_000,
      WALL_MS + 240_000,
    ]);
    const [resolve] = (await sent(receiver, { ...notice, action: 'resolve' })).requests;
    if (resolve === undefined) throw new Error('a request');
    expect(ends(resolve)).toEqual([5_000_000, WALL_MS]);
    const late = { ...notice, action: 'resolve', startedAt: 20_000_000_000, at: 21_000_000_000 } as const;
    const [ahead] = (await sent(receiver, late)).requests;
    if (ahead === undefined) throw new Error('a request');
    expect(ends(ahead)).toEqual([WALL_MS - 1_000, WALL_MS]);
  });
});
