import type { LicenseBody } from '../../api/index.ts';

/** What LiteLLM answers without a licence: every feature here is in the open. */
export const license: LicenseBody = {
  has_license: false,
  license_type: 'community',
  expiration_date: null,
  allowed_features: [],
  limits: { max_users: null, max_teams: null },
};
