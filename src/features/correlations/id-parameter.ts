/** Checks a correlation id in a path. */
import { GatewayError } from '../../errors/gateway-error.ts'
import { correlationIdForm, storedCorrelationId } from '../../lib/ids.ts'

export function correlationIdParameter(id: string): string {
  if (!storedCorrelationId.test(id)) throw new GatewayError('validation_error', { issues: [unsafeId] })
  return id
}

const unsafeId = {
  loc: ['path', 'id'],
  msg: correlationIdForm.words,
  type: 'correlation_id',
}
