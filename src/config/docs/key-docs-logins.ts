import type { KeyDocs } from './key-doc.ts';

/** Keys of `litellm_params` for upstreams that take a login instead of a key. */
export const loginDocs: KeyDocs[string] = {
  model_id: { default: 'from `model`', meaning: 'Bedrock only: id or ARN to call in place of the model name.' },
  aws_access_key_id: {
    default: '`AWS_ACCESS_KEY_ID`',
    meaning:
      'Bedrock only, used if there is no key (`api_key` or `AWS_BEARER_TOKEN_BEDROCK`). Order: web identity, profile, key, `AWS_PROFILE`, `AWS_WEB_IDENTITY_TOKEN_FILE` with `AWS_ROLE_ARN`. Instance metadata is never asked.',
  },
  aws_secret_access_key: { default: '`AWS_SECRET_ACCESS_KEY`', meaning: 'Secret of that key.' },
  aws_session_token: { default: '`AWS_SESSION_TOKEN`', meaning: 'Session of a temporary key.' },
  aws_profile_name: {
    default: '`AWS_PROFILE_NAME`',
    meaning:
      'Profile in `~/.aws/credentials` and `~/.aws/config`, or in `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`. Keys, `source_profile` and `web_identity_token_file` work; SSO and `credential_process` do not.',
  },
  aws_role_name: { default: '`AWS_ROLE_NAME`', meaning: 'ARN of a role to assume with these credentials.' },
  aws_session_name: { default: '`AWS_SESSION_NAME`, else `allswell`', meaning: 'Name of the session of that role.' },
  aws_external_id: { default: '`AWS_EXTERNAL_ID`', meaning: 'External id that the role demands.' },
  aws_web_identity_token: {
    default: '`AWS_WEB_IDENTITY_TOKEN`',
    meaning: '`oidc/file/<path>` or `oidc/env_path/<VARIABLE>`: file with the token for `aws_role_name`.',
  },
  aws_sts_endpoint: { default: "`AWS_STS_ENDPOINT`, else the region's", meaning: 'Where roles are assumed.' },
  aws_bedrock_runtime_endpoint: {
    default: "`AWS_BEDROCK_RUNTIME_ENDPOINT`, else the region's",
    meaning: 'Base URL of Bedrock. `api_base` takes precedence.',
  },
  vertex_project: {
    default: "`VERTEXAI_PROJECT`, else the credential file's",
    meaning: 'Project of a model on Vertex AI.',
  },
  vertex_credentials: {
    default: '`VERTEXAI_CREDENTIALS`, else `GOOGLE_APPLICATION_CREDENTIALS`',
    meaning:
      'Vertex AI only: path of a credential file, its JSON, or a mapping. Types: `service_account`, `authorized_user`, and `external_account` with a token in a file and without impersonation. The metadata server is never asked.',
  },
  tenant_id: {
    default: '`AZURE_TENANT_ID`',
    meaning:
      'Azure only, used if there is no key: tenant of Entra ID. `AZURE_AUTHORITY_HOST` names another login host than `login.microsoftonline.com`.',
  },
  client_id: { default: '`AZURE_CLIENT_ID`', meaning: 'Application that logs in.' },
  client_secret: {
    default: '`AZURE_CLIENT_SECRET`',
    meaning: 'Its secret. Without one the token in `AZURE_FEDERATED_TOKEN_FILE` proves it (workload identity).',
  },
  azure_username: { default: '`AZURE_USERNAME`', meaning: 'User to log in with `client_id` and a password.' },
  azure_password: { default: '`AZURE_PASSWORD`', meaning: 'Password of that user.' },
  azure_scope: {
    default: '`AZURE_SCOPE`, else `https://cognitiveservices.azure.com/.default`',
    meaning: 'Scope of the token.',
  },
};
