import type { JSX } from 'preact';
import { fleet, groups } from '../state/fleet.ts';
import { page } from '../state/page.ts';
import { hasKey, signOut } from '../state/session.ts';

const links = [
  ['fleet', 'Fleet'],
  ['pods', 'Pods'],
  ['money', 'Money'],
  ['events', 'Events'],
] as const;

/** Names of the fleet and the pod, and links to the pages. */
export function Header(): JSX.Element {
  const body = fleet.value;
  const troubled = groups.value.filter(({ routable }) => routable === 0).length;
  return (
    <header class="top">
      <p class="brand">
        <strong>allswell</strong>
        <span>
          fleet <b>{body?.fleet}</b>
        </span>
        <span class="pod-asked">
          pod <b>{body?.pod_name ?? body?.pod}</b>
        </span>
      </p>
      <nav aria-label="Pages">
        <ul>
          {links.map(([kind, title]) => (
            <li key={kind}>
              <a href={`#/${kind}`} aria-current={isCurrent(kind) ? 'page' : undefined}>
                {title}
                {kind === 'fleet' && troubled > 0 && <span class="count"> {troubled} down</span>}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {hasKey.value && (
        <button type="button" class="quiet" onClick={() => signOut()}>
          Sign out
        </button>
      )}
    </header>
  );
}

function isCurrent(kind: string): boolean {
  return page.value.kind === kind || (kind === 'fleet' && page.value.kind === 'target');
}
