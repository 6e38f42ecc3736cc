import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { expositionAnswer } from './exposition-answer.ts';

const text = '# HELP allswell_fleet_pods Live pods of the fleet\n'.repeat(50);
const exposition = { text, contentType: 'text/plain; version=0.0.4; charset=utf-8' };

async function answered(accepted: string | undefined, given = exposition): Promise<Response> {
  return await expositionAnswer(given, new Headers(accepted === undefined ? {} : { 'accept-encoding': accepted }));
}

it.each(['gzip', 'gzip, deflate, br', 'br;q=1.0, GZIP;q=0.2', '*', 'identity;q=0.5, *;q=0.1'])(
  'a text for Prometheus is compressed for a client that accepts %s',
  async (accepted) => {
    const answer = await answered(accepted);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('content-type')).toBe(exposition.contentType);
    expect(answer.headers.get('vary')).toBe('Origin, accept-encoding');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.length).toBeLessThan(text.length / 5);
    expect(gunzipSync(bytes).toString()).toBe(text);
  },
);

it.each([undefined, '', 'identity', 'br', 'gzip;q=0', '*, gzip;q=0', '*;q=0'])(
  'a text for Prometheus is sent as it is to a client that accepts %s',
  async (accepted) => {
    const answer = await answered(accepted);
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('vary')).toBe('Origin, accept-encoding');
    expect(await answer.text()).toBe(text);
  },
);

it('a short text for Prometheus is sent as it is', async () => {
  const answer = await answered('gzip', { ...exposition, text: 'allswell_fleet_pods 1\n' });
  expect(answer.headers.get('content-encoding')).toBeNull();
});
