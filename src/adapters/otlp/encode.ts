/** Writes spans as OTLP/HTTP takes them in JSON: ids in hexadecimal, numbers of 64 bits as text. */
import type { FinishedSpan } from '../../modules/tracing/span.ts'
import type { AttributeValue, SpanAttributes } from '../../ports/index.ts'

/** As the enumeration of the protocol numbers them. */
const kinds = { internal: 1, server: 2, client: 3 } as const
const failedCode = 2
const maxValueLength = 1024

export const spanText = (span: FinishedSpan): string =>
  JSON.stringify({
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.tracestate !== undefined && { traceState: span.tracestate }),
    ...(span.parentId !== null && { parentSpanId: span.parentId }),
    name: shortened(span.name),
    kind: kinds[span.kind],
    startTimeUnixNano: nanoseconds(span.startedAt),
    endTimeUnixNano: nanoseconds(span.endedAt),
    attributes: attributeList(span.attributes),
    ...(span.failed && { status: { code: failedCode } }),
  })

/** Around the texts of spans, which stand between the two. */
export function envelope(resource: SpanAttributes, scope: { name: string; version: string }): [string, string] {
  const head = JSON.stringify({ attributes: attributeList(resource) })
  return [`{"resourceSpans":[{"resource":${head},"scopeSpans":[{"scope":${JSON.stringify(scope)},"spans":[`, ']}]}]}']
}

/** Microseconds are what a double of today's time can hold. */
const nanoseconds = (ms: number): string => `${Math.round(ms * 1000)}000`

const attributeList = (attributes: SpanAttributes) =>
  Object.entries(attributes).flatMap(([key, value]) => (value == null ? [] : [{ key, value: anyValue(value) }]))

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: shortened(value) }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map(anyValue) } }
}

const shortened = (text: string): string => text.slice(0, maxValueLength).toWellFormed()
