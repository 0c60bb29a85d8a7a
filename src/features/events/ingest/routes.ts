/** /events/ingest, where VX11's modules post events (contract G9). */
import { type Context, Hono } from 'hono'
import { readText } from '../../../http/routing/body-text.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { takesBody } from '../../../http/routing/input.ts'
import { takesHeaders } from '../../../http/routing/parameters.ts'
import type { Posted } from '../../../modules/events/shape/new-event.ts'
import { appendOnce } from '../../../modules/events/store/append-once.ts'
import type { AppEnv, Deps } from '../../../ports/index.ts'
import { requireEvents } from '../flag.ts'
import { BatchResult, IngestBatch, IngestEvent, IngestHeaders, Received } from '../schema.ts'
import { parseBody, readItems } from './body.ts'
import { ingestBatch, ingestOne } from './service.ts'

type IngestDeps = Pick<Deps, 'clock' | 'config' | 'events'>

const errors = [
  ...guardErrors,
  'body_too_large',
  'unsupported_media_type',
  'validation_error',
  'idempotency_key_reused',
  'feature_disabled',
  'events_unavailable',
] as const

const example = { source: 'first-steps', type: 'note.taken', payload: { summary: 'Somebody was here.' } }

export const ingestRoutes = (deps: IngestDeps) =>
  new Hono<AppEnv>()
    .post(
      '/',
      describe({
        id: 'ingestEvent',
        tag: 'Events',
        summary: 'Stores one event; Idempotency-Key keeps a repeated request from storing it twice',
        answers: { 200: Received },
        errors: [...errors, 'event_rejected'],
      }),
      takesHeaders(IngestHeaders),
      takesBody(IngestEvent, { example }),
      async (c) => {
        requireEvents(deps)
        const text = await readText(c)
        return c.json(await ingestOne(deps, parseBody(text), postedIn(c, deps), onceOf(c, text)))
      },
    )
    .post(
      '/batch',
      describe({
        id: 'ingestEvents',
        tag: 'Events',
        summary: 'Stores up to 1000 events, a JSON list or one per line; each has its own result',
        answers: { 200: BatchResult },
        errors,
      }),
      takesHeaders(IngestHeaders),
      takesBody(IngestBatch, { example: [example] }),
      async (c) => {
        requireEvents(deps)
        const text = await readText(c)
        return c.json(await ingestBatch(deps, readItems(text), postedIn(c, deps), onceOf(c, text)))
      },
    )

const postedIn = (c: Context<AppEnv>, { clock }: IngestDeps): Posted => ({
  at: clock.now(),
  correlationId: c.req.header('x-correlation-id') === c.var.correlationId ? c.var.correlationId : null,
})

const onceOf = (c: Context<AppEnv>, text: string) =>
  appendOnce(c.req.header('idempotency-key'), c.get('principal')?.name ?? '', c.req.path, text)
