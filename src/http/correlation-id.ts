/** Gives every request one correlation id: the caller's when it is safe, a new one otherwise. */
import { isSafeCorrelationId } from '../lib/correlation.ts'
import type { Deps } from '../ports.ts'
import { addHeader } from './answer.ts'
import type { Guard } from './guards.ts'

export const correlationId = ({ random }: Pick<Deps, 'random'>): Guard =>
  function correlationId(c) {
    const sent = c.req.header('x-correlation-id')
    const id = isSafeCorrelationId(sent) ? sent : random.uuid()
    c.set('correlationId', id)
    addHeader(c, 'x-correlation-id', id)
  }
