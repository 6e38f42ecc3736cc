import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { ExplainBody } from '../../../src/api/index.ts';
import { labelOf } from '../../model/groups.ts';
import { shownState } from '../../model/states.ts';
import { timelineOf } from '../../model/timeline.ts';
import { openExplained } from '../../state/explained.ts';
import type { Explained } from '../../state/explained.ts';
import { fleet, podName } from '../../state/fleet.ts';
import { ActionButton } from '../action-button.tsx';
import { StateBadge } from '../state-badge.tsx';
import { Ago, Moment, Since, Until } from '../times.tsx';
import { LatencyBars } from './latency-bars.tsx';
import { Outlook } from './outlook.tsx';

/** Everything about one target: its state, the evidence, what would change it, and what an operator can do. */
export function TargetPage({ id }: { readonly id: string }): JSX.Element {
  const explained = useMemo(() => openExplained(id), [id]);
  useEffect(() => () => explained.close(), [explained]);
  const body = explained.body.value;
  const problem = explained.problem.value;
  // Until the explanation is read, the fleet knows the names. The heading stays one element: it has the focus.
  const known = body ?? fleet.value?.targets.find(({ target }) => target === id);
  return (
    <>
      <p class="back">
        <a href="#/fleet">Fleet</a> › {known?.deployments.map(({ model_name: name }) => name).join(', ') ?? 'target'}
      </p>
      <h1 tabIndex={-1} class="target-title">
        {known === undefined ? `Target ${id}` : labelOf(known)}{' '}
        <span class="note">
          {[known?.upstream_host, known?.region].filter((part) => part !== null && part !== undefined).join(' · ')}
        </span>
      </h1>
      {problem !== null && <p class="problem">{problem}</p>}
      {body === null ? problem === null && <p role="status">Reading…</p> : <Target body={body} explained={explained} />}
    </>
  );
}

function Target({ body, explained }: { readonly body: ExplainBody; readonly explained: Explained }): JSX.Element {
  const { history, historyProblem } = explained;
  return (
    <>
      <Verdict body={body} explained={explained} />
      <div class="panels">
        <Outlook body={body} />
        <Timeline body={body} />
        <LatencyBars rows={history.value} problem={historyProblem.value} usualMs={body.evidence.usual_ms.inference} />
        <Names body={body} />
      </div>
    </>
  );
}

function Verdict({ body, explained }: { readonly body: ExplainBody; readonly explained: Explained }): JSX.Element {
  const { hold, why, flags, since, checked_at: checkedAt, stale, local_only: localOnly } = body;
  const target = { id: body.target, label: labelOf(body) };
  const done = (): void => explained.readAgain();
  return (
    <section class="verdict" aria-label="State">
      <p class="verdict-line">
        <StateBadge state={shownState(body)} />
        {hold !== null && <span class="note">probes find it {body.state}</span>}
        {since !== null && (
          <span class="note">
            for <Since at={since} />
          </span>
        )}
        {checkedAt !== null && (
          <span class="note">
            evidence <Ago at={checkedAt} />
          </span>
        )}
        {[...flags, ...(stale ? ['stale'] : []), ...(localOnly ? ['only this pod'] : [])].map((flag) => (
          <span key={flag} class="flag">
            {flag.replaceAll('-', ' ')}
          </span>
        ))}
      </p>
      <p class="why">{why}</p>
      {hold !== null && (
        <p class="hold-card">
          <b>{hold.kind === 'drain' ? 'Drained' : 'Held up'}</b> by {hold.by}, <Ago at={hold.at} />: {hold.reason}.{' '}
          {hold.until === null ? (
            'Ends when it is ended by hand.'
          ) : (
            <>
              Ends <Until at={hold.until} />.
            </>
          )}
        </p>
      )}
      <p class="actions">
        <ActionButton action="check" target={target} onDone={done} />
        {hold?.kind !== 'drain' && <ActionButton action="drain" target={target} onDone={done} />}
        {hold?.kind !== 'hold-up' && <ActionButton action="hold-up" target={target} onDone={done} />}
        {hold !== null && <ActionButton action="undo" target={target} onDone={done} />}
      </p>
    </section>
  );
}

const marks = { good: '✓', bad: '✕', neutral: '·' } as const;

function Timeline({ body }: { readonly body: ExplainBody }): JSX.Element {
  const items = timelineOf(body, podName);
  return (
    <section class="panel" aria-labelledby="timeline">
      <h2 id="timeline">Evidence</h2>
      {items.length === 0 && <p class="empty">No evidence yet.</p>}
      <ol class="timeline">
        {items.map(({ at, tone, text }) => (
          <li key={`${at} ${text}`} class={tone}>
            <span class="mark" aria-hidden="true">
              {marks[tone]}
            </span>
            <Ago at={at} />
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Names({ body }: { readonly body: ExplainBody }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="names">
      <h2 id="names">Names</h2>
      <dl class="facts">
        <div>
          <dt>Target</dt>
          <dd>
            <code>{body.target}</code>
          </dd>
        </div>
        {body.deployments.map(({ model_name: name, model_id: model }) => (
          <div key={model}>
            <dt>{name}</dt>
            <dd>
              <code>{model}</code>
            </dd>
          </div>
        ))}
        {body.since !== null && (
          <div>
            <dt>State since</dt>
            <dd>
              <Moment at={body.since} />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
