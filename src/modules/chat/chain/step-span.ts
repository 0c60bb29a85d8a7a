/** A provider's turn as a span, by OpenTelemetry's names for generative AI. What was said is never in it. */
import type { Span, Tracing } from '../../../ports/index.ts'
import type { ChatFailure, Provider } from '../providers/provider.ts'
import type { Answer } from './answer.ts'

/** The conventions' names of the providers that they know; VX11's modules have their own. */
const knownNames: Partial<Record<Provider['kind'], string>> = { deepseek_r1: 'deepseek' }

export const beginStep = (tracing: Tracing | undefined, { kind, name, isModel, model }: Provider, streamed: boolean) =>
  tracing?.begin({
    name: `chat ${model ?? name}`,
    kind: isModel ? 'client' : 'internal',
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': knownNames[kind] ?? kind,
      'gen_ai.request.model': model,
      'gen_ai.request.stream': streamed,
    },
  })

/** `answer` is the provider's own; it is emptied after a failure. */
export function endStep(span: Span | undefined, answer: Answer, failure: ChatFailure | null): void {
  if (!span) return
  span.set({
    'gen_ai.response.model': answer.model,
    'gen_ai.response.finish_reasons': answer.finishReason === null ? null : [answer.finishReason],
    'gen_ai.usage.input_tokens': answer.usage?.promptTokens,
    'gen_ai.usage.output_tokens': answer.usage?.completionTokens,
    'gen_ai.usage.reasoning.output_tokens': answer.usage?.reasoningTokens,
    'vx11.chat.reason': failure?.reason,
  })
  span.end(failure?.kind)
}
