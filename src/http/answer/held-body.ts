/** Cuts a streamed body when the credential ends that it was asked with: a stream must not outlive its key. */
import type { Context } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AppEnv, Principals } from '../../ports/index.ts'

export type HeldBodyDeps = { principals: Pick<Principals, 'mayEnd' | 'untilEnded'> }

/**
 * The same body for a credential without an end, and for one that is here as a whole. One of a known length ends by
 * itself: it is not held for a token that only a reload could remove, because reading it here costs as much as relaying.
 */
export function heldBody<Body>(
  { principals }: HeldBodyDeps,
  c: Context<AppEnv>,
  body: Body,
  hasLength = false,
): Body | ReadableStream<Uint8Array> {
  const principal = c.get('principal')
  if (!principal || !(body instanceof ReadableStream) || !principals.mayEnd(principal)) return body
  if (hasLength && !principal.key && principal.notAfterMs === null) return body
  return cutBody(body, (over) => principals.untilEnded(principal, over))
}

function cutBody(
  body: ReadableStream<Uint8Array>,
  untilEnded: (over: AbortSignal) => Promise<unknown>,
): ReadableStream<Uint8Array> {
  const over = new AbortController()
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const cut = () => {
          const reason = new GatewayError('forbidden')
          controller.error(reason)
          void reader.cancel(reason).catch(() => {})
        }
        untilEnded(over.signal).then(cut, () => {})
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          over.abort()
          controller.close()
        } catch (error) {
          over.abort()
          throw error
        }
      },
      cancel(reason) {
        over.abort()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
