import { render } from 'preact';
import { startClock } from './state/clock.ts';
import { followAddress } from './state/page.ts';
import { signIn } from './state/session.ts';
import './styles.css';
import { App } from './views/app.tsx';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
startClock();
followAddress();
// Without a key: a pod that has no master key, or a proxy that adds one, needs none.
void signIn(undefined);
