import { describe, expect, it } from 'vitest';
import type { HistoryPoint, TargetView } from '../../src/ports/index.ts';
import { downView, NOW, PROBER, upView } from './fleet-double.ts';
import { measuredPod } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

const MINUTE_US = 60_000_000;
const EVIL = `<script>alert("1")</script>&'`;
const page = (more = ''): string => `fleet_health: { status_page: { groups: [ok-chat, bad-500]${more} } }`;

function podWith(settings = page()): MeasuredPod {
  const pod = measuredPod(undefined, ['ok-chat', 'bad-500', 'bad-401'], settings);
  pod.fleet.set(upView(pod.target('ok-chat')));
  pod.fleet.set(downView(pod.target('bad-500'), { class: 'server', message: 'secret-upstream says no' }));
  return pod;
}

function point(minutesAgo: number, over: Partial<HistoryPoint> = {}): HistoryPoint {
  const seen = { pod: PROBER, kind: 'ok', level: 'inference', reason: 'scheduled', latencyMs: 100 } as const;
  return { at: NOW - minutesAgo * MINUTE_US, ...seen, ...over };
}

/** Without a key. */
async function open(pod: MeasuredPod, path: string): Promise<Response> {
  return await pod.handle(new Request(`http://pod${path}`));
}

async function html(pod: MeasuredPod): Promise<string> {
  return await (await open(pod, '/status')).text();
}

const drained = (reason: string): Partial<TargetView> => ({
  effective: 'down',
  hold: { kind: 'drain', until: null, by: 'operator-7', reason, version: NOW },
});

describe('GET /status', () => {
  it('answers 404 unless the configuration has it, and so do badges', async () => {
    const pod = measuredPod();
    expect((await open(pod, '/status')).status).toBe(404);
    expect((await open(pod, '/status/badges/ok-chat.svg')).status).toBe(404);
  });

  it('shows the state of the chosen groups in words, and no other group, pod or message', async () => {
    const pod = podWith();
    pod.fleet.remembered = {
      kind: 'read',
      histories: [
        {
          target: pod.target('bad-500'),
          points: [point(9, { kind: 'failed', class: 'server', message: 'secret-upstream' })],
          repeats: [],
        },
      ],
    };
    const text = await html(pod);
    expect(text).toMatch(/<span>ok-chat<\/span> <span class="state good"><span aria-hidden="true">✔<\/span> up/);
    expect(text).toMatch(/<span>bad-500<\/span> <span class="state bad"><span aria-hidden="true">✖<\/span> down/);
    expect(text).not.toMatch(/bad-401|secret-upstream|127\.0\.0\.1|sk-upstream/);
    expect(text).not.toContain(PROBER);
  });

  it('has a bar per day, which says what is unknown, and incidents with the ends that are known', async () => {
    const pod = podWith();
    const points = [point(1), point(20, { kind: 'failed', class: 'server' }), point(50)];
    pod.fleet.remembered = { kind: 'read', histories: [{ target: pod.target('ok-chat'), points, repeats: [] }] };
    const [, chat = ''] = (await html(pod)).split('<section>');
    const bars = [...chat.matchAll(/<li class="(\w+)" title="([^"]+)">([^<]+)<\/li>/g)].map(([, ...parts]) => parts);
    expect(bars).toHaveLength(33);
    expect(bars[0]).toEqual(['grey', '2026-10-21: unknown', '2026-10-21: unknown']);
    expect(bars.at(-1)?.[0]).toBe('part');
    expect(bars.at(-1)?.[1]).toMatch(/^2026-11-22: 62 % up in the 6\.\d+ % of the time that is known$/);
    expect(chat).toContain(
      'Down from <time datetime="2026-11-22T11:37:41.000Z">2026-11-22 11:37 UTC</time> until <time datetime="2026-11-22T11:56:41.000Z">',
    );
  });

  it('is one document with a language, a title, one main heading and a heading per group, without script', async () => {
    const text = await html(podWith(page(', title: Models')));
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text).toContain('<title>Models</title>');
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text.match(/<h2>/g)).toHaveLength(2);
    expect(text).toContain('<main>');
    expect(text).not.toMatch(/<script|style="|\son\w+=|https?:/);
  });

  it('escapes every text of the configuration and of operators', async () => {
    const pod = podWith(page(`, title: '${EVIL.replaceAll("'", "''")}', show_holds: true`));
    pod.fleet.set(upView(pod.target('ok-chat'), drained(EVIL)));
    const text = await html(pod);
    const escaped = '&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;';
    expect(text).toContain(`<h1>${escaped}</h1>`);
    expect(text).toContain(`<p>Maintenance: ${escaped}</p>`);
    expect(text).not.toContain('<script');
  });

  it('shows reasons of holds only if the configuration says so, and never who decided', async () => {
    const pod = podWith();
    pod.fleet.set(upView(pod.target('ok-chat'), drained('new certificate')));
    expect(await html(pod)).not.toContain('new certificate');
    const shown = podWith(page(', show_holds: true'));
    shown.fleet.set(upView(shown.target('ok-chat'), drained('new certificate, key sk-upstream')));
    const text = await html(shown);
    expect(text).toContain('Maintenance: new certificate, key [redacted]');
    expect(text).not.toContain('operator-7');
  });

  it('shows the age of the evidence, and reloads itself', async () => {
    const text = await html(podWith());
    expect(text).toContain('<meta http-equiv="refresh" content="60">');
    expect(text).toContain(
      '<p>Newest evidence: <time datetime="2026-11-22T11:57:38.500Z">2026-11-22 11:57 UTC</time>.</p>',
    );
  });

  const STALE = { stale: true, evidenceAt: NOW - 20 * MINUTE_US } as const;
  const PAUSE = { kind: 'pause', until: null, by: 'operator-7', reason: 'cost', version: NOW } as const;

  it('never shows stale evidence as up alone, nor does the badge', async () => {
    const pod = podWith();
    pod.fleet.set(upView(pod.target('ok-chat'), STALE));
    expect(await html(pod)).toContain(
      '<span class="state grey"><span aria-hidden="true">?</span> up as of 2026-11-22 11:37 UTC, no newer evidence</span>',
    );
    pod.fleet.setStatus({ pause: PAUSE });
    expect(await html(pod)).toContain('</span> up as of 2026-11-22 11:37 UTC, probing is paused</span>');
    const badge = await (await open(pod, '/status/badges/ok-chat.svg')).text();
    expect(badge).toContain('aria-label="ok-chat: up as of 2026-11-22 11:37 UTC, probing is paused"');
    expect(badge).toContain('>? up as of 2026-11-22 11:37 UTC, probing is paused</text>');
    pod.fleet.set(downView(pod.target('bad-500'), { class: 'server', message: 'no' }, STALE));
    expect(await html(pod)).toContain(
      '<span class="state bad"><span aria-hidden="true">✖</span> down as of 2026-11-22 11:37 UTC, probing is paused</span>',
    );
  });

  it('says of a group that an operator holds up that its probes fail', async () => {
    const pod = podWith();
    const held = { effective: 'up', hold: { ...PAUSE, kind: 'hold-up' } } as const;
    pod.fleet.set(downView(pod.target('bad-500'), { class: 'server', message: 'no' }, held));
    expect(await html(pod)).toContain(
      '<span class="state part"><span aria-hidden="true">!</span> held up by an operator, probes fail</span>',
    );
  });

  it('reads the history again once the state changes, so that the incidents are not older than the state', async () => {
    const pod = podWith();
    const { facts } = downView(pod.target('ok-chat'), { class: 'server', message: 'no' });
    expect(await html(pod)).not.toMatch(/Incidents[^]*Incidents/);
    pod.fleet.set(downView(pod.target('ok-chat'), { class: 'server', message: 'no' }, { facts }));
    const [, chat = ''] = (await html(pod)).split('<section>');
    expect(chat).toContain('</span> down');
    expect(chat).toContain('until now');
  });

  it('says when the record begins, instead of a share of the window', async () => {
    const pod = podWith();
    pod.fleet.remembered = {
      kind: 'read',
      histories: [{ target: pod.target('ok-chat'), points: [point(50)], repeats: [] }],
    };
    const [, chat = ''] = (await html(pod)).split('<section>');
    expect(chat).toMatch(
      /<p>Last \d+ days: 100 % up since the record begins, at <time datetime="2026-11-22T11:07:41.000Z">/,
    );
  });

  it('may be cached for 30 s, and allows nothing but its own style', async () => {
    const answer = await open(podWith(), '/status');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=30, must-revalidate');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/,
    );
  });

  it('reads the history of a group once in 30 s, however many ask, and shows the state without it', async () => {
    const pod = podWith();
    let reads = 0;
    const { history } = pod.fleet;
    pod.fleet.history = async (targets) => {
      reads++;
      return await history(targets);
    };
    pod.fleet.remembered = { kind: 'store-lost', why: 'no answer' };
    const texts = await Promise.all([html(pod), html(pod), html(pod)]);
    expect(reads).toBe(2);
    expect(texts[0]).toContain('The history is not available at the moment.');
    expect(texts[0]).toContain('</span> up');
    pod.clock.advance(30_000);
    pod.fleet.remembered = { kind: 'read', histories: [] };
    expect(await html(pod)).not.toContain('not available');
    expect(reads).toBe(4);
  });
});

describe('GET /status/badges/{group}.svg', () => {
  it('shows the state of a group of the page as an image', async () => {
    const answer = await open(podWith(), '/status/badges/bad-500.svg');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=30, must-revalidate');
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
    const text = await answer.text();
    expect(text).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*aria-label="bad-500: down, by evidence of 2026-11-22 11:57 UTC"/,
    );
    expect(text).toContain('>✖ down</text>');
  });

  it.each(['bad-401', 'none'])('is not there for a group that the page does not show: %s', async (group) => {
    expect((await open(podWith(), `/status/badges/${group}.svg`)).status).toBe(404);
  });

  it('escapes the name of a group, which may hold slashes', async () => {
    const name = 'team/<b>"x"';
    const pod = measuredPod(undefined, ['ok-chat'], `fleet_health: { status_page: { groups: ['${name}'] } }`);
    const text = await (await open(pod, `/status/badges/team/${encodeURIComponent('<b>"x"')}.svg`)).text();
    expect(text).toContain('aria-label="team/&#60;b&#62;&#34;x&#34;: unknown"');
    expect(text).not.toContain('<b>');
  });
});
