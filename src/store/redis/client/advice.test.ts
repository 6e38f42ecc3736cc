import { expect, it } from 'vitest';
import { aclRules, bridgeAclRules, missingRights } from '../acl.ts';
import { blankSuspicious } from '../../../redaction/suspicious.ts';
import { adviceOn } from './advice.ts';

it.each([
  'NOAUTH Authentication required',
  'All sentinels are unreachable: NOAUTH',
  'WRONGPASS invalid username-password pair',
])('advises on %s in words that are not taken for a secret', (error) => {
  const shown = `${error} (Redis at 127.0.0.1:6379; ${adviceOn(error, '')})`;
  expect(blankSuspicious(shown, '[redacted]')).toBe(shown);
});

it.each([missingRights(aclRules('default')), bridgeAclRules('team')])(
  'names all rights of a user that lacks one, in words that are not taken for a secret: %s',
  (rights) => {
    const shown = `NOPERM no permissions (Redis at 127.0.0.1:6379; ${adviceOn('NOPERM no permissions', rights)})`;
    expect(shown).toContain(`ACL SETUSER <user> ${rights})`);
    expect(blankSuspicious(shown, '[redacted]')).toBe(shown);
  },
);
