import { describe, expect, it } from 'vitest';
import { podsAndUpstream } from '../../../support/pods-and-upstream.ts';
import { plainPaint } from '../../../../src/terminal/index.ts';
import { until } from '../../../../src/testing/index.ts';
import { askPod } from '../../../../src/cli/ask/index.ts';
import type { ExplainPage, PodAddress } from '../../../../src/cli/ask/index.ts';
import { explainLines } from '../../../../src/cli/explain/explain-lines.ts';
import { readExplanations } from '../../../../src/cli/explain/read-explanations.ts';

const each = podsAndUpstream();

describe('allswell explain', { timeout: 60_000 }, () => {
  it('tells the evidence with its age, the witnesses, the policy, and what comes next', async () => {
    each.upstream.set('bad', { kind: 'status', status: 500, body: { error: { message: 'boom \u001B[31m' } } });
    const { port } = await each.pods.redis();
    const one = await each.pods.pod(yaml(port, ['bad']));
    await each.pods.pod(yaml(port, ['bad']));
    const lines = await until(
      async () => {
        const all = await linesOf(one, 'bad');
        return all.includes('WITNESSES 2') && all.at(-1)?.includes('else by') === true ? all : undefined;
      },
      { withinMs: 20_000, what: 'two witnesses, each known to live', everyMs: 50 },
    );
    expect(lines[0]).toMatch(/^openai\/bad is down · for \d+ s · evidence \d+ s old · target \w{24} · asked \S+\/pod_/);
    expect(lines[1]).toMatch(/^ {2}\d+ server errors \(HTTP 500\), confirmed by 2 pods: boom/);
    expect(lines[2]).toMatch(/^ {2}upstream 127\.0\.0\.1:\d+$/);
    expect(lines[3]).toMatch(/^ {2}used by bad \(\w{64}\)$/);
    const text = lines.join('\n');
    expect(text).toMatch(
      /^EVIDENCE\n {2}last probe {2}\d+ s ago {2}failed: server 500: boom .*confirmation, by \S+\/pod_\S+, level inference/m,
    );
    expect(text).toMatch(
      /^POLICY\n {2}2 failures to go down, 1 good probe to come up; \d+ s apart while a change is pending$/m,
    );
    expect(text).toMatch(/^WHAT WOULD CHANGE IT\n {2}up {2}one good probe at level inference or deeper/m);
    expect(text).toMatch(/^NEXT PROBE\n {2}in \d+ (s|min) by \S+\/pod_\S+, else by \S+\/pod_/m);
    expect(text).not.toContain('\u001B');
  });

  it('says beside the state that the upstream rejects the probe itself', async () => {
    each.upstream.set('strict', { kind: 'reject', parameter: 'messages' });
    const { port } = await each.pods.redis();
    const pod = await each.pods.pod(yaml(port, ['strict']));
    const headline = async (): Promise<string> => (await linesOf(pod, 'strict'))[0] ?? '';
    const flagged = async (): Promise<boolean> => (await headline()).includes(' · probe-rejected · ');
    await until(flagged, { withinMs: 20_000, what: 'the flag' });
    expect(await headline()).toMatch(/^openai\/strict is unknown · /);
  });

  it('says what the upstream made probes change', async () => {
    each.upstream.set('picky', { kind: 'reject', parameter: 'max_tokens' });
    const { port } = await each.pods.redis();
    const pod = await each.pods.pod(yaml(port, ['picky']));
    const wanted = '  probe adapted  max_tokens is sent as max_completion_tokens: the upstream rejected it';
    await until(async () => (await linesOf(pod, 'picky')).includes(wanted), { withinMs: 20_000, what: wanted });
  });

  it('explains all targets that share a name, and knows a name that nothing has', async () => {
    const { port } = await each.pods.redis();
    const pod = await each.pods.pod(
      `${yaml(port, ['twin'])}`.replace('model_list:\n', `model_list:\n${entry('twin', 'other')}\n`),
    );
    const found = await readExplanations(pod, 'twin');
    const models = found.kind === 'found' ? found.pages.map(({ model }) => model) : [];
    expect(models).toEqual(['openai/other', 'openai/twin']);
    expect(await readExplanations(pod, 'a/b c')).toEqual({
      kind: 'none',
      why: 'Unknown target: a/b c; allswell status lists the targets',
    });
    expect(await readExplanations({ ...pod, key: undefined }, 'twin')).toMatchObject({ kind: 'unreachable' });
  });

  it('says of a target off the schedule that somebody has to ask', async () => {
    const pod = await each.pods.pod(`model_list:\n${entry('a', 'a')}\n`);
    expect((await linesOf(pod, 'a')).slice(-1)).toEqual([
      '  only on request: background checks are off in this pod or for this model',
    ]);
    await askPod<ExplainPage>(pod, '/fleet/targets/a/check', { method: 'POST' });
    const [first] = await linesOf(pod, 'a');
    expect(first).toMatch(/^openai\/a is up · /);
  });
});

async function linesOf(address: PodAddress, word: string): Promise<readonly string[]> {
  const found = await readExplanations(address, word);
  if (found.kind !== 'found') throw new Error(found.why);
  return found.pages.flatMap((page) => explainLines(page, plainPaint));
}

function entry(name: string, model: string): string {
  return `  - model_name: ${name}
    litellm_params: { model: openai/${model}, api_base: "${each.upstream.apiBase}", api_key: sk-upstream }`;
}

function yaml(port: number, models: readonly string[]): string {
  return `model_list:
${models.map((model) => entry(model, model)).join('\n')}
general_settings: { background_health_checks: true, use_shared_health_check: true }
litellm_settings: { cache: true, cache_params: { type: redis, host: 127.0.0.1, port: ${port} } }
`;
}
