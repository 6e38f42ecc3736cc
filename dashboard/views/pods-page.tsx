import type { JSX } from 'preact';
import type { FleetBody, PodBody } from '../../src/api/index.ts';
import { isLongLag, lagText, podsHeading, podWarnings } from '../model/pods.ts';
import { fleet, podName } from '../state/fleet.ts';
import { Since, Until } from './times.tsx';

/** Live pods, the store that they share, and the probes that run. */
export function PodsPage(): JSX.Element {
  const body = fleet.value;
  if (body === null) return <h1 tabIndex={-1}>Pods</h1>;
  return (
    <>
      <h1 tabIndex={-1}>{podsHeading(body)}</h1>
      {podWarnings(body).map((text) => (
        <p key={text} class="bad" role="status">
          ⚠ {text}
        </p>
      ))}
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Pod</th>
              <th scope="col">State</th>
              <th scope="col">Mode</th>
              <th scope="col">Lag</th>
              <th scope="col">Runs for</th>
              <th scope="col">Version</th>
              <th scope="col">Cannot reach</th>
              <th scope="col">Configuration</th>
              <th scope="col">Id</th>
            </tr>
          </thead>
          <tbody>
            {body.pods.map((pod) => (
              <PodRow key={pod.pod} pod={pod} body={body} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="panels">
        <StorePanel body={body} />
        <Leases body={body} />
      </div>
    </>
  );
}

function PodRow({ pod, body }: { readonly pod: PodBody; readonly body: FleetBody }): JSX.Element {
  const asked = body.pods.find(({ self }) => self);
  return (
    <tr>
      <th scope="row">
        {pod.pod_name ?? 'no name'}
        {pod.self && <span class="flag">answers this page</span>}
      </th>
      <td class={pod.impaired ? 'bad' : 'good'}>{pod.impaired ? '✕ impaired' : '✓ well'}</td>
      <td>{pod.mode.replace('-', ' ')}</td>
      <td class={isLongLag(pod.lag) ? 'bad' : undefined}>{lagText(pod.lag)}</td>
      <td>
        <Since at={pod.started_at} />
      </td>
      <td>{pod.version}</td>
      <td>{reachText(pod)}</td>
      <td>{differences(pod, asked)}</td>
      <td>
        <code>{pod.pod}</code>
      </td>
    </tr>
  );
}

function reachText({ unreached, unseen }: PodBody): string {
  const amount = (list: readonly string[]): string => (list.includes('*') ? 'all' : String(list.length));
  const parts = [
    ...(unreached.length === 0 ? [] : [`${amount(unreached)} unreached`]),
    ...(unseen.length === 0 ? [] : [`${amount(unseen)} not probed here`]),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** Pods with other rules may reach other verdicts. */
function differences(pod: PodBody, asked: PodBody | undefined): string {
  if (asked === undefined) return '–';
  const parts = [
    ...(pod.policy_hash === asked.policy_hash ? [] : ['other policy']),
    ...(pod.targets_hash === asked.targets_hash ? [] : ['other models or intervals']),
  ];
  return parts.length === 0 ? 'same' : `⚠ ${parts.join(', ')}`;
}

function StorePanel({ body }: { readonly body: FleetBody }): JSX.Element {
  const { store, mode, since, setup } = body;
  return (
    <section class="panel" aria-labelledby="store">
      <h2 id="store">Store, as this pod sees it</h2>
      <dl class="facts">
        <dt>Redis</dt>
        <dd class={store.available ? 'good' : 'bad'}>
          {store.available ? '✓ answers' : `✕ away${store.problem === null ? '' : `: ${store.problem}`}`}
        </dd>
        <dt>Mode</dt>
        <dd>
          {mode}, for <Since at={since} />
        </dd>
        <dt>Health checks</dt>
        <dd>{setup.health_checks.replaceAll('-', ' ')}</dd>
        <dt>Eviction policy</dt>
        <dd>{setup.eviction_policy ?? 'unknown'}</dd>
        <dt>Newest event</dt>
        <dd>
          {store.seq} of epoch <code>{store.epoch}</code>
        </dd>
        <dt>LiteLLM bridge</dt>
        <dd>{body.bridge.state}</dd>
      </dl>
    </section>
  );
}

function Leases({ body }: { readonly body: FleetBody }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="leases">
      <h2 id="leases">Running probes</h2>
      {body.leases.length === 0 && <p class="empty">None.</p>}
      <ul class="plain">
        {body.leases.map(({ target, model, pod, until }) => (
          <li key={target}>
            <a href={`#/targets/${target}`}>{model ?? target}</a> by {podName(pod)}, lease ends <Until at={until} />
          </li>
        ))}
      </ul>
    </section>
  );
}
