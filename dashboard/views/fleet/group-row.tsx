import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { FleetTargetBody } from '../../../src/api/index.ts';
import { labelOf } from '../../model/groups.ts';
import type { Group } from '../../model/groups.ts';
import { shownState } from '../../model/states.ts';
import { podName } from '../../state/fleet.ts';
import { StateBadge } from '../state-badge.tsx';
import { Ago, Until } from '../times.tsx';

/** A model group: its name at the left, a line for each of its targets at the right. */
export function GroupRow({ group }: { readonly group: Group }): JSX.Element {
  const { name, routable, targets } = group;
  return (
    <li class={routable === 0 ? 'group lost' : 'group'}>
      <h2>
        <span class="name">{name}</span>
        {targets.length > 1 && (
          <span class="note">
            {routable === 0 ? 'none' : routable} of {targets.length} routable
          </span>
        )}
      </h2>
      <ul>
        {targets.map((target) => (
          <TargetRow key={target.target} target={target} />
        ))}
      </ul>
    </li>
  );
}

/** Drawn again only when the target changes: its ages are texts that follow the clock by themselves. */
function TargetRow({ target }: { readonly target: FleetTargetBody }): JSX.Element {
  return useMemo(() => <TargetLine target={target} />, [target]);
}

function TargetLine({ target }: { readonly target: FleetTargetBody }): JSX.Element {
  const { checked_at: checkedAt, upstream_host: host, region } = target;
  return (
    <li class="row">
      <StateBadge state={shownState(target)} />
      <span class="deployment">
        <a href={`#/targets/${target.target}`}>{labelOf(target)}</a>{' '}
        <span class="note">{[host, region].filter((part) => part !== null).join(' · ')}</span>
      </span>
      <Reason target={target} />
      <span class="age">
        <span class="visually-hidden">evidence </span>
        {checkedAt === null ? 'none' : <Ago at={checkedAt} />}
        {target.stale && <span class="flag">stale</span>}
      </span>
      <Prober target={target} />
    </li>
  );
}

function Reason({ target }: { readonly target: FleetTargetBody }): JSX.Element {
  const { hold, why, flags, local_only: localOnly } = target;
  return (
    <span class="reason" title={why}>
      {hold !== null && (
        <span class="hold">
          {hold.kind === 'drain' ? 'Drained' : 'Held up'} by {hold.by}: {hold.reason}
          {hold.until !== null && (
            <>
              , ends <Until at={hold.until} />
            </>
          )}
          {' · '}
        </span>
      )}
      {why}
      {localOnly && <span class="flag">only this pod</span>}
      {flags.map((flag) => (
        <span key={flag} class="flag">
          {flag.replaceAll('-', ' ')}
        </span>
      ))}
    </span>
  );
}

function Prober({ target }: { readonly target: FleetTargetBody }): JSX.Element {
  const { lease, record, next_due_at: due } = target;
  if (lease !== null) {
    return (
      <span class="prober">
        <b>{podName(lease.pod)}</b> now
      </span>
    );
  }
  return (
    <span class="prober">
      {record !== null && <>{podName(record.last.pod)} · </>}
      {due === null ? (
        'on request'
      ) : (
        <>
          next <Until at={due} />
        </>
      )}
    </span>
  );
}
