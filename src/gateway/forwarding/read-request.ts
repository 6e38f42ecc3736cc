import { isObject, namesModelOnce, parseJson, renameModel } from '../../providers/wire/index.ts';
import type { Api } from './apis.ts';
import { fieldsOf, withoutFields, withValues } from './json-fields.ts';
import type { FieldSpan } from './json-fields.ts';
import { readForm, withModelPart } from './multipart.ts';

/** What of a request decides where it goes. The rest passes untouched. */
export interface ClientRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly tags: readonly string[];
  /** `timeout` in the body: LiteLLM's way for a caller to set a deadline. */
  readonly timeoutMs?: number;
  /** The body for an upstream that knows the model by another name. */
  bodyFor(upstreamModel: string, extra?: Readonly<Record<string, unknown>>): Buffer;
  /** The parsed body of a JSON request, for translation; undefined for a form. */
  readonly json?: Readonly<Record<string, unknown>>;
}

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: ClientRequest }
  | { readonly kind: 'invalid'; readonly message: string; readonly param: string | null };

export interface RequestSource {
  readonly api: Api;
  readonly bytes: Buffer;
  readonly contentType: string;
  /** From the path; the body's own name wins. */
  readonly model: string | undefined;
  /** Values of the header `x-litellm-tags`. */
  readonly tags: readonly string[];
}

/** Reads a request once, whatever number of attempts it takes. */
export function readRequest(source: RequestSource): ReadRequest {
  return source.api.body === 'multipart' ? readFormRequest(source) : readJsonRequest(source);
}

/** Parameters of LiteLLM's own that no upstream knows. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'timeout',
  'num_retries',
  'fallbacks',
  'context_window_fallback_dict',
  'drop_params',
  'additional_drop_params',
  'litellm_metadata',
  'litellm_call_id',
  'litellm_session_id',
  'litellm_trace_id',
  'mock_response',
  'mock_timeout',
  'mock_testing_fallbacks',
  'cache',
  'caching',
  'ttl',
  'no-log',
  'tags',
  'guardrails',
]);

function readJsonRequest({ bytes, model: fromPath, tags }: RequestSource): ReadRequest {
  const body = parseJson(bytes.toString('utf8'));
  if (!isObject(body)) return invalid('The body is not a JSON object', null);
  const { model = fromPath, stream } = body;
  if (typeof model !== 'string' || model === '') {
    return invalid('The body needs `model`, the name of a model group: GET /v1/models lists them', 'model');
  }
  let parsed: { fields: readonly FieldSpan[]; bytes: Buffer } | undefined;
  const hasOwnFields = Object.keys(body).some((name) => OWN_FIELDS.has(name));
  const withoutOwn = (): { fields: readonly FieldSpan[]; bytes: Buffer } => {
    const fields = fieldsOf(bytes);
    if (!hasOwnFields) return { fields, bytes };
    const stripped = withoutFields(bytes, fields, OWN_FIELDS);
    return { fields: fieldsOf(stripped), bytes: stripped };
  };
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  const timeout = body['timeout'];
  return {
    kind: 'request',
    request: {
      model,
      stream: stream === true,
      tags: [...tags, ...textsOf(body['tags']), ...textsOf(metadata['tags'])],
      ...(typeof timeout === 'number' && timeout > 0 && { timeoutMs: timeout * 1_000 }),
      bodyFor: (upstreamModel, extra) => {
        if (extra !== undefined || body['model'] === undefined) {
          return Buffer.from(JSON.stringify({ ...withoutOwnFields(body), ...extra, model: upstreamModel }));
        }
        if (!hasOwnFields && upstreamModel === body['model'] && namesModelOnce(bytes)) return bytes;
        const renamed = hasOwnFields ? undefined : renameModel(bytes, { from: model, to: upstreamModel });
        if (renamed !== undefined) return renamed;
        parsed ??= withoutOwn();
        return withValues(
          parsed.bytes,
          parsed.fields,
          new Map([['model', Buffer.from(JSON.stringify(upstreamModel))]]),
        );
      },
      json: hasOwnFields ? withoutOwnFields(body) : body,
    },
  };
}

function withoutOwnFields(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !OWN_FIELDS.has(name)));
}

function readFormRequest({ bytes, contentType, model: fromPath, tags }: RequestSource): ReadRequest {
  const form = readForm(bytes, contentType);
  if (form.kind === 'invalid') return invalid(form.why, null);
  const model = form.model ?? fromPath;
  if (model === undefined || model === '') {
    return invalid('The form needs a part `model`, the name of a model group: GET /v1/models lists them', 'model');
  }
  return {
    kind: 'request',
    request: {
      model,
      stream: form.stream,
      tags,
      bodyFor: (upstreamModel) => withModelPart(bytes, form, upstreamModel),
    },
  };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function invalid(message: string, param: string | null): ReadRequest {
  return { kind: 'invalid', message, param };
}
