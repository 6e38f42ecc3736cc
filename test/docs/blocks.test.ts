import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProblems, loadConfig } from '../../src/config/index.ts';
import { aclRules, bridgeAclRules, cooldownAclRules, routerAclRules } from '../../src/store/redis/index.ts';
import { pages, readPage } from './markdown.ts';

const all = pages();
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Receivers of alerts need a URL or a key. */
const alertEnv = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/x',
  ALERT_WEBHOOK_URL: 'https://example.com/alerts',
  ALERT_WEBHOOK_SECRET: 'whsec_c2VjcmV0',
  PAGERDUTY_ROUTING_KEY: 'r'.repeat(32),
};

describe('what the documentation shows', () => {
  it('names only npm scripts that exist', () => {
    const named = all.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, script = '']) => ({ path, script })),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  const yaml = all.flatMap(({ path, blocks, text }) => [
    ...blocks
      .filter(({ language, note }) => language === 'yaml' && !note.startsWith('of another program: '))
      .map((block) => ({ path, ...block })),
    ...[...text.matchAll(/<<'YAML'\n(.*?)^YAML$/gms)].map(([, inside = '']) => ({ path, line: 0, text: inside })),
  ]);

  it.each(yaml)('has YAML that a pod accepts, in $path at line $line', ({ text }) => {
    const loaded = loadConfig({ text, env: { REDIS_HOST: 'redis', ...alertEnv }, readFile: () => 'a certificate' });
    expect(loaded.kind === 'refused' ? formatProblems(loaded.problems) : '').toBe('');
    const notes = loaded.kind === 'loaded' ? loaded.notes.map(({ message }) => message) : [];
    // Variables are the reader's, a fragment need not have models, callbacks are LiteLLM's.
    expect(
      notes.filter(
        (note) => !/environment variable|model_list has no models|master_key is|callbacks is ignored/.test(note),
      ),
    ).toEqual([]);
  });

  it('gives a Redis user exactly the rights that the contract suite is run with', () => {
    const [acl] = readPage('docs/how-to/run-on-redis.md').blocks.filter(({ note }) => note === 'acl');
    expect(acl?.text).toBe(`ACL SETUSER allswell on >a-long-password ${aclRules('default')}\n`);
    const [more] = readPage('docs/how-to/stop-litellm-probing.md').blocks.filter(({ note }) => note === 'bridge acl');
    expect(more?.text).toBe(`${bridgeAclRules(null)} ${cooldownAclRules(null)}\n`);
    const [router] = readPage('docs/how-to/stop-litellm-probing.md').blocks.filter(({ note }) => note === 'router acl');
    expect(router?.text).toBe(`ACL SETUSER allswell on >a-long-password ${routerAclRules(null)}\n`);
  });
});
