import type { JsonBody, Question } from '../wire/index.ts';

/** The body that asks the question. Limits and stream go by the question, whatever else its parameters say. */
export function bodyOf(question: Question): JsonBody {
  const { stream: _stream, stream_options: _options, ...params } = question.params;
  const base = { ...params, model: question.model };
  const { mode, prompt, reasoningEffort: effort, limitName } = question;
  const efforts = effort === undefined ? {} : { reasoning_effort: effort };
  switch (mode) {
    case 'chat':
      return { ...limited(base, question, limitName), messages: [{ role: 'user', content: prompt }], ...efforts };
    case 'completion':
      return { ...limited(base, question, 'max_tokens'), prompt, ...efforts };
    case 'embedding':
      return { ...limited(base, question, 'max_tokens'), input: [prompt] };
    case 'responses':
      return { ...limited(base, question, 'max_output_tokens'), input: prompt, ...reasoning(question) };
  }
}

/** Never two names for the limit: that is refused. */
function limited(body: JsonBody, { maxTokens }: Question, name: string): JsonBody {
  if (maxTokens === undefined) return body;
  const { max_tokens: _old, max_completion_tokens: _new, max_output_tokens: _other, ...rest } = body;
  return { ...rest, [name]: maxTokens };
}

function reasoning({ params, reasoningEffort }: Question): JsonBody {
  if (reasoningEffort === undefined) return {};
  const more = typeof params['reasoning'] === 'object' ? params['reasoning'] : {};
  return { reasoning: { ...more, effort: reasoningEffort } };
}
