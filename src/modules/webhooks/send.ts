/** One try: signs the message as the Standard Webhooks say (standardwebhooks.com) and posts it. */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { WebhookConfig } from '../../config/config.ts'
import { TransportError } from '../../errors/gateway-error.ts'
import { parseRetryAfter } from '../../lib/backoff.ts'
import { build } from '../../lib/build.ts'
import type { Clock, HeaderFields, Transport, UpstreamAnswer } from '../../ports/index.ts'
import { messageFor } from './message.ts'
import type { Group } from './record.ts'
import { type DeliveryTry, deliveryOutcome } from './settle.ts'

interface SendDeps {
  clock: Clock
  transport: Transport
}

/** Rejects never: a try that failed is a report, too. */
export async function sendMessage(
  { clock, transport }: SendDeps,
  webhook: WebhookConfig,
  group: Group,
): Promise<DeliveryTry> {
  const { url, body } = messageFor(webhook, group)
  const { timeoutMs } = webhook
  const startedAt = clock.monotonic()
  const report = (rest: Pick<DeliveryTry, 'outcome' | 'reason' | 'status' | 'retryAfterMs'>): DeliveryTry => ({
    id: group.id,
    durationMs: Math.round(clock.monotonic() - startedAt),
    ...rest,
  })
  try {
    const answer = await transport(url, {
      method: 'POST',
      headers: headersFor(webhook, group.id, clock.now(), body),
      body: utf8ToBytes(body),
      limits: { connectMs: Math.min(timeoutMs, 5000), firstByteMs: timeoutMs, idleMs: timeoutMs },
    })
    discard(answer)
    const { status } = answer
    const outcome = deliveryOutcome(status)
    const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], clock.now())
    return report({ outcome, status, retryAfterMs, reason: outcome === 'delivered' ? null : `status_${status}` })
  } catch (error) {
    const reason = error instanceof TransportError ? error.failure : 'unreachable'
    return report({ outcome: 'failed', status: null, retryAfterMs: 0, reason })
  }
}

/** Whatever it says, the status decides. */
function discard({ body }: UpstreamAnswer): void {
  if (body instanceof ReadableStream) void body.cancel().catch(() => {})
}

function headersFor({ keys, headers }: WebhookConfig, id: string, now: number, body: string): HeaderFields {
  const timestamp = String(Math.floor(now / 1000))
  return {
    ...headers,
    'content-type': 'application/json',
    'user-agent': `tentaculo-link/${build.version}`,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(keys.length > 0 && {
      'webhook-signature': keys.map((key) => signature(key, `${id}.${timestamp}.${body}`)).join(' '),
    }),
  }
}

const signature = (key: Uint8Array, text: string): string =>
  `v1,${btoa(String.fromCharCode(...hmac(sha256, key, utf8ToBytes(text))))}`
