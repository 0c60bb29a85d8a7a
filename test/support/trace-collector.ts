/** A collector of OpenTelemetry on a real port: takes OTLP/HTTP in JSON, and can hang, refuse and go away on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import * as v from 'valibot'

const Value = v.union([
  v.strictObject({ stringValue: v.string() }),
  v.strictObject({ intValue: v.pipe(v.string(), v.digits()) }),
  v.strictObject({ doubleValue: v.number() }),
  v.strictObject({ boolValue: v.boolean() }),
  v.strictObject({ arrayValue: v.strictObject({ values: v.array(v.strictObject({ stringValue: v.string() })) }) }),
])
const Attributes = v.pipe(
  v.array(v.strictObject({ key: v.string(), value: Value })),
  v.transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]))),
)
const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)))
const Nanoseconds = v.pipe(v.string(), v.digits())

/** Strict, as the protocol's own JSON reader is. */
const Span = v.strictObject({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: v.optional(hex(16)),
  traceState: v.optional(v.string()),
  name: v.string(),
  kind: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  attributes: Attributes,
  status: v.optional(v.strictObject({ code: v.picklist([1, 2]) })),
})
const Request = v.strictObject({
  resourceSpans: v.array(
    v.strictObject({
      resource: v.strictObject({ attributes: Attributes }),
      scopeSpans: v.array(
        v.strictObject({ scope: v.strictObject({ name: v.string(), version: v.string() }), spans: v.array(Span) }),
      ),
    }),
  ),
})

export type CollectedSpan = v.InferOutput<typeof Span>

const plain = (value: v.InferOutput<typeof Value>): unknown => {
  if ('arrayValue' in value) return value.arrayValue.values.map(({ stringValue }) => stringValue)
  return 'intValue' in value ? Number(value.intValue) : Object.values(value)[0]
}

/** Answers `status`, or nothing at all. */
export type Misbehaviour = { status: number; headers?: Record<string, string> } | 'hang' | null

export interface Collector {
  url: string
  /** What it does with the next requests. */
  misbehaves: Misbehaviour
  spans: CollectedSpan[]
  /** Attributes of the origin, from the last request. */
  resource: Record<string, unknown>
  /** Every request, also those that were refused. */
  requests: { path: string; headers: IncomingMessage['headers'] }[]
  /** Resolves when a span fits. */
  until(fits: (span: CollectedSpan) => boolean): Promise<CollectedSpan>
  /** All spans of a trace, once its root is there: a root of the gateway has a parent elsewhere or none. */
  trace(traceId: string): Promise<CollectedSpan[]>
  stop(): Promise<void>
}

/** On a free port, unless one is named. */
export async function startCollector(port = 0): Promise<Collector> {
  const server = createServer((request, response) => void answer(request, response))
  const collector: Collector = {
    url: '',
    misbehaves: null,
    spans: [],
    resource: {},
    requests: [],
    async until(fits) {
      for (;;) {
        const found = collector.spans.find(fits)
        if (found) return found
        await wait(20)
      }
    },
    async trace(traceId) {
      await collector.until((span) => span.traceId === traceId && span.kind === 2)
      return collector.spans.filter((span) => span.traceId === traceId)
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { misbehaves } = collector
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    collector.requests.push({ path: request.url ?? '', headers: request.headers })
    if (misbehaves === 'hang') return
    if (misbehaves) {
      response.writeHead(misbehaves.status, misbehaves.headers).end()
      return
    }
    const bytes = Buffer.concat(chunks)
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
    const { resourceSpans } = v.parse(Request, JSON.parse(text.toString()))
    for (const { resource, scopeSpans } of resourceSpans) {
      collector.resource = resource.attributes
      // A sender that did not wait for the answer sends them again.
      const known = new Set(collector.spans.map(({ spanId }) => spanId))
      collector.spans.push(...scopeSpans.flatMap(({ spans }) => spans.filter(({ spanId }) => !known.has(spanId))))
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }

  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  collector.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return collector
}

/** Names and what was chosen of their attributes, as a tree; children in the order in which they began. */
export interface SpanTree {
  name: string
  attributes?: Record<string, unknown>
  children?: SpanTree[]
}

export function treeOf(spans: readonly CollectedSpan[], chosen: readonly string[]): SpanTree[] {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const began = spans.toSorted((one, other) =>
    BigInt(one.startTimeUnixNano) < BigInt(other.startTimeUnixNano) ? -1 : 1,
  )
  const below = (parent: string | null): SpanTree[] =>
    began
      .filter(({ parentSpanId }) => (parent === null ? !ids.has(parentSpanId ?? '') : parentSpanId === parent))
      .map(({ spanId, name, attributes }) => {
        const known = Object.fromEntries(chosen.flatMap((key) => (key in attributes ? [[key, attributes[key]]] : [])))
        const children = below(spanId)
        return { name, ...(chosen.length > 0 && { attributes: known }), ...(children.length > 0 && { children }) }
      })
  return below(null)
}
