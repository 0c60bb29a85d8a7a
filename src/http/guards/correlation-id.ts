/** Gives every request one correlation id: the caller's if it is valid, else that of its trace, otherwise a new one. */
import { isSafeCorrelationId } from '../../lib/ids.ts'
import { parseTraceparent } from '../../lib/trace-context.ts'
import type { Deps } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import type { Guard } from './guards.ts'

export const correlationId = ({ random }: Pick<Deps, 'random'>): Guard =>
  function correlationId(c) {
    const sent = c.req.header('x-correlation-id')
    const given = isSafeCorrelationId(sent) ? sent : parseTraceparent(c.req.header('traceparent'))?.traceId
    const id = given ?? random.uuid()
    if (given !== undefined) c.set('correlationGiven', true)
    c.set('correlationId', id)
    addHeader(c, 'x-correlation-id', id)
  }
