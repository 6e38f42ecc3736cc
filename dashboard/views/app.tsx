import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Page } from '../model/pages.ts';
import { announcement } from '../state/events.ts';
import { fleet, headline } from '../state/fleet.ts';
import { page } from '../state/page.ts';
import { session } from '../state/session.ts';
import { Banners } from './banners.tsx';
import { EventsPage } from './events-page.tsx';
import { FleetPage } from './fleet/fleet-page.tsx';
import { Header } from './header.tsx';
import { MoneyPage } from './money-page.tsx';
import { PodsPage } from './pods-page.tsx';
import { SignIn } from './sign-in.tsx';
import { TargetPage } from './target/target-page.tsx';

/** The whole page: a form for the key, or the fleet. */
export function App(): JSX.Element {
  const body = fleet.value;
  const { kind } = session.value;
  return (
    <>
      {kind === 'signed-out' ? <SignIn /> : body === null ? <main class="opening">Reading the fleet…</main> : <Pages />}
      <p class="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}

function Pages(): JSX.Element {
  const main = useRef<HTMLElement>(null);
  const shown = page.value;
  const address = shown.kind === 'target' ? `target ${shown.id}` : shown.kind;
  const first = useRef(true);
  useEffect(() => {
    // A screen reader begins to read the new page; the first page has not been left yet.
    if (first.current) first.current = false;
    else main.current?.querySelector('h1')?.focus();
    globalThis.scrollTo(0, 0);
  }, [address]);
  useSignalEffect(() => {
    document.title = `${headline.value.tone === 'good' ? '' : '⚠ '}${titles[page.value.kind]} · allswell`;
  });
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => skip(event, main.current)}>
        Skip to the content
      </a>
      <Header />
      <Banners />
      <main ref={main} id="main">
        <Content shown={shown} />
      </main>
    </>
  );
}

/** The address after `#` names the page, so the link must not change it. */
function skip(event: Event, main: HTMLElement | null): void {
  event.preventDefault();
  main?.querySelector('h1')?.focus();
}

const titles: Readonly<Record<Page['kind'], string>> = {
  fleet: 'Fleet',
  target: 'Target',
  pods: 'Pods',
  money: 'Money',
  events: 'Events',
};

function Content({ shown }: { readonly shown: Page }): JSX.Element {
  switch (shown.kind) {
    case 'fleet':
      return <FleetPage />;
    case 'target':
      return <TargetPage key={shown.id} id={shown.id} />;
    case 'pods':
      return <PodsPage />;
    case 'money':
      return <MoneyPage />;
    case 'events':
      return <EventsPage />;
  }
}
