import type { JSX } from 'preact';
import type { ExplainBody } from '../../../src/api/index.ts';
import { spanText } from '../../model/durations.ts';
import { words } from '../../model/states.ts';
import { podName } from '../../state/fleet.ts';
import { StateBadge } from '../state-badge.tsx';
import { Until } from '../times.tsx';

/** What would change the state, when the next probe comes, and the rules. */
export function Outlook({ body }: { readonly body: ExplainBody }): JSX.Element {
  const { would_change: changes, policy } = body;
  return (
    <section class="panel" aria-labelledby="outlook">
      <h2 id="outlook">{body.state === 'up' ? 'What would change it' : 'What would bring it back'}</h2>
      {changes.length === 0 && <p class="empty">Only an operator.</p>}
      <ul class="changes">
        {changes.map(({ to, needs }) => (
          <li key={`${to} ${needs}`}>
            <StateBadge state={to} /> <span>{needs}</span>
          </li>
        ))}
      </ul>
      <dl class="facts">
        <dt>Next probe</dt>
        <dd>
          <NextProbe next={body.next_probe} />
        </dd>
        <dt>Rules</dt>
        <dd>
          {words.down} after {policy.fall} failures, {words.up} after {policy.rise}; every{' '}
          {spanText(policy.interval_seconds * 1_000)}, level {policy.level}, timeout{' '}
          {spanText(policy.timeout_seconds * 1_000)}
          {!policy.background && ', only on request'}
        </dd>
        {policy.pods_with_other_policy.length > 0 && (
          <>
            <dt>Other rules at</dt>
            <dd>{policy.pods_with_other_policy.map(podName).join(', ')}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function NextProbe({ next }: { readonly next: ExplainBody['next_probe'] }): JSX.Element {
  const { kind, at, by, otherwise, reason } = next;
  const prober = by === null ? '' : ` by ${podName(by)}`;
  const others = otherwise.length === 0 ? '' : `, else ${otherwise.map(podName).join(', ')}`;
  if (kind === 'running') return <>running now{prober}</>;
  if (kind === 'paused') return <>none: probing is paused</>;
  if (kind === 'on-demand' || at === null) return <>only on request</>;
  return (
    <>
      <Until at={at} /> ({reason}){prober}
      {others}
    </>
  );
}
