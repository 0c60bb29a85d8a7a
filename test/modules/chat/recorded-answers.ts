/** Answers in the shapes that eight servers document: what each sends, leaves out and adds. */

export interface RecordedAnswer {
  server: string
  contentType: string
  body: string
  text: string
  reasoning: string
  model: string
  finish: string | null
  totalTokens: number | null
}

const event = (json: unknown) => `data: ${JSON.stringify(json)}\n\n`
const done = 'data: [DONE]\n\n'
const chunk = (model: string, choices: unknown, more: object = {}) =>
  event({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1764300000, model, choices, ...more })

export const recordedAnswers: readonly RecordedAnswer[] = [
  {
    server: 'OpenAI',
    contentType: 'text/event-stream; charset=utf-8',
    body:
      chunk('gpt-x', [{ index: 0, delta: { role: 'assistant', content: '', refusal: null }, finish_reason: null }], {
        usage: null,
      }) +
      chunk('gpt-x', [{ index: 0, delta: { content: 'Hello' }, logprobs: null, finish_reason: null }], {
        usage: null,
      }) +
      chunk('gpt-x', [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], { usage: null }) +
      chunk('gpt-x', [], { usage: { prompt_tokens: 8, completion_tokens: 1, total_tokens: 9 } }) +
      done,
    ...{ text: 'Hello', reasoning: '', model: 'gpt-x', finish: 'stop', totalTokens: 9 },
  },
  {
    server: 'DeepSeek',
    contentType: 'text/event-stream; charset=utf-8',
    body:
      ': keep-alive\n\n: keep-alive\n\n' +
      chunk('deepseek-reasoner', [
        { index: 0, delta: { role: 'assistant', content: null, reasoning_content: 'Hm.' }, finish_reason: null },
      ]) +
      chunk('deepseek-reasoner', [
        { index: 0, delta: { content: 'Yes', reasoning_content: null }, finish_reason: null },
      ]) +
      chunk(
        'deepseek-reasoner',
        [{ index: 0, delta: { content: '', reasoning_content: null }, finish_reason: 'length' }],
        {
          usage: {
            prompt_tokens: 4,
            completion_tokens: 3,
            total_tokens: 7,
            completion_tokens_details: { reasoning_tokens: 2 },
          },
        },
      ) +
      done,
    ...{ text: 'Yes', reasoning: 'Hm.', model: 'deepseek-reasoner', finish: 'length', totalTokens: 7 },
  },
  {
    server: 'Ollama',
    contentType: 'text/event-stream',
    body:
      chunk('qwen3:4b', [
        { index: 0, delta: { role: 'assistant', content: '', reasoning: 'Let me see' }, finish_reason: null },
      ]) +
      chunk('qwen3:4b', [{ index: 0, delta: { role: 'assistant', content: 'Four' }, finish_reason: null }]) +
      chunk('qwen3:4b', [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'stop' }]) +
      chunk('qwen3:4b', [], { usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 } }) +
      done,
    ...{ text: 'Four', reasoning: 'Let me see', model: 'qwen3:4b', finish: 'stop', totalTokens: 17 },
  },
  {
    server: 'llama.cpp',
    contentType: 'text/event-stream',
    body:
      chunk('model.gguf', [{ index: 0, finish_reason: null, delta: { role: 'assistant', content: null } }]) +
      chunk('model.gguf', [{ index: 0, finish_reason: null, delta: { content: 'Hi' } }]) +
      chunk('model.gguf', [{ index: 0, finish_reason: 'stop', delta: {} }], {
        usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 },
        timings: { predicted_per_second: 41.5 },
      }) +
      'data: [DONE]\n',
    ...{ text: 'Hi', reasoning: '', model: 'model.gguf', finish: 'stop', totalTokens: 3 },
  },
  {
    server: 'vLLM',
    contentType: 'text/event-stream; charset=utf-8',
    body:
      chunk('org/model', [
        { index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
      ]) +
      chunk('org/model', [{ index: 0, delta: { reasoning: 'So', reasoning_content: 'So' }, finish_reason: null }]) +
      chunk('org/model', [{ index: 0, delta: { content: 'Ok' }, finish_reason: null, stop_reason: null }]) +
      chunk('org/model', [{ index: 0, delta: null, finish_reason: 'stop', stop_reason: 151645 }]) +
      chunk('org/model', null, {
        usage: { prompt_tokens: 5, total_tokens: 8, completion_tokens: 3, prompt_tokens_details: null },
      }) +
      'data: [DONE] \n\n',
    ...{ text: 'Ok', reasoning: 'So', model: 'org/model', finish: 'stop', totalTokens: 8 },
  },
  {
    server: 'LM Studio',
    contentType: 'Text/Event-Stream',
    body:
      chunk('local-model', [
        { index: 0, delta: { role: 'assistant', content: 'Sure' }, logprobs: null, finish_reason: null },
      ]) +
      chunk('local-model', [{ index: 0, delta: {}, logprobs: null }]) +
      done,
    ...{ text: 'Sure', reasoning: '', model: 'local-model', finish: null, totalTokens: null },
  },
  {
    server: 'Groq',
    contentType: 'text/event-stream',
    body:
      chunk('llama-x', [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }], {
        x_groq: { id: 'r' },
      }) +
      'data:\n\n' +
      chunk('llama-x', [{ index: 0, delta: { content: 'Fast' }, logprobs: null, finish_reason: null }]) +
      chunk('llama-x', [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], {
        x_groq: { id: 'r', usage: { total_tokens: 4 } },
        usage: { queue_time: 0.01, prompt_tokens: 3, completion_tokens: 1, total_tokens: 4, total_time: 0.02 },
      }) +
      done,
    ...{ text: 'Fast', reasoning: '', model: 'llama-x', finish: 'stop', totalTokens: 4 },
  },
  {
    server: 'OpenRouter',
    contentType: 'text/event-stream',
    body:
      ': OPENROUTER PROCESSING\n\n' +
      chunk(
        'vendor/m',
        [
          {
            index: 0,
            delta: { role: 'assistant', content: '', reasoning: 'Why', reasoning_details: [] },
            finish_reason: null,
            native_finish_reason: null,
          },
        ],
        { provider: 'X' },
      ) +
      chunk('vendor/m', [{ index: 0, delta: { role: 'assistant', content: 'Because' }, finish_reason: null }]) +
      chunk('vendor/m', [
        { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'stop', native_finish_reason: 'STOP' },
      ]) +
      chunk('vendor/m', [], { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.00001 } }) +
      done,
    ...{ text: 'Because', reasoning: 'Why', model: 'vendor/m', finish: 'stop', totalTokens: 3 },
  },
  {
    server: 'a server that does not stream',
    contentType: 'application/json',
    body: JSON.stringify({
      ...{ model: 'whole', usage: null },
      choices: [
        { index: 0, message: { role: 'assistant', content: 'At once', reasoning: null }, finish_reason: 'stop' },
      ],
    }),
    ...{ text: 'At once', reasoning: '', model: 'whole', finish: 'stop', totalTokens: null },
  },
]
