/** The gateway's own errors: cheap to make, and without a trace in how others are made. */
import { expect, it } from 'vitest'
import { GatewayError } from '../../src/errors/gateway-error.ts'

it('has no stack, and takes it from nobody else', () => {
  const cause = new Error('why')
  const refusal = new GatewayError('forbidden', {}, { cause })
  expect(refusal).toMatchObject({ code: 'forbidden', message: 'forbidden', cause })
  expect(refusal.stack).toMatch(/^\w*Error: forbidden$/)
  expect(new Error('after').stack).toContain('errors.test.ts')
})
