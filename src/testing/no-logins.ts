import type { Logins } from '../logins/index.ts';

/** For probers of targets with keys. */
export const noLogins: Logins = {
  signIn: () => {
    throw new Error('no target of this test logs in');
  },
};
