/** What LiteLLM answers without a licence: every feature here is in the open. */
export const license: Readonly<Record<string, unknown>> = {
  has_license: false,
  license_type: 'community',
  expiration_date: null,
  allowed_features: [],
  limits: { max_users: null, max_teams: null },
};
