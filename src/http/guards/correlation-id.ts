/** Gives every request one correlation id: the caller's if it is valid, otherwise a new one. */
import { isSafeCorrelationId } from '../../lib/correlation-id.ts'
import type { Deps } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import type { Guard } from './guards.ts'

export const correlationId = ({ random }: Pick<Deps, 'random'>): Guard =>
  function correlationId(c) {
    const sent = c.req.header('x-correlation-id')
    const isGiven = isSafeCorrelationId(sent)
    const id = isGiven ? sent : random.uuid()
    if (isGiven) c.set('correlationGiven', true)
    c.set('correlationId', id)
    addHeader(c, 'x-correlation-id', id)
  }
