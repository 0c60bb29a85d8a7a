/** Where notifications go, how far each destination is, and a test of one. */
import { Hono } from 'hono'
import { type DatabaseTimeoutDeps, onDatabase } from '../../db/database-timeout.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { noteAct } from '../../http/audit/note-act.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { TestedWebhook, WebhookList } from './schema.ts'
import { webhookView } from './view.ts'

export const webhookRoutes = ({ webhooks, ...deps }: Pick<Deps, 'webhooks'> & DatabaseTimeoutDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'listWebhooks',
        tag: 'Notifications',
        summary: 'Where notifications go: the last delivery and error of each, its position in the stream, what waits',
        answers: { 200: WebhookList },
        errors: [...guardErrors, 'database_unavailable'],
      }),
      noStore,
      async (c) => {
        const statuses = await onDatabase(deps, () => webhooks.read())
        return c.json({ webhooks: statuses.map(webhookView), correlation_id: c.get('correlationId') })
      },
    )
    .post(
      '/:name/test',
      describe({
        id: 'testWebhook',
        tag: 'Notifications',
        summary: 'Sends one test message now; a dead destination that takes it is tried again at once',
        answers: { 200: TestedWebhook },
        errors: [...guardErrors, 'off_by_policy', 'webhook_not_found', 'webhook_not_delivered'],
      }),
      noStore,
      async (c) => {
        const name = c.req.param('name')
        const report = await webhooks.test(name, c.get('principal')?.name ?? 'unknown')
        if (!report) throw new GatewayError('webhook_not_found')
        noteAct(c, { after: { webhook_id: report.id, outcome: report.outcome, reason: report.reason } })
        if (report.outcome !== 'delivered')
          throw new GatewayError('webhook_not_delivered', { detail: `The receiver did not take it: ${report.reason}` })
        return c.json({
          status: 'delivered' as const,
          name,
          webhook_id: report.id,
          http_status: report.status,
          duration_ms: report.durationMs,
          correlation_id: c.get('correlationId'),
        })
      },
    )
