/** Asserts the whole error contract of an answer: status, media type, members, correlation id. */
import * as v from 'valibot'
import { expect } from 'vitest'
import { catalogue, type ErrorCode } from '../../src/errors/gateway-error.ts'
import { Problem } from '../../src/http/answer/problem-body.ts'

/** `status`: the word that v7's clients read beside the code; most errors have none. */
export async function expectProblem(response: Response, code: ErrorCode, status?: string): Promise<Problem> {
  const text = await response.text()
  expect({ status: response.status, body: text }).toMatchObject({ status: catalogue[code].status })
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = v.parse(Problem, JSON.parse(text))
  expect(body).toMatchObject({
    error: code,
    status_code: catalogue[code].status,
    title: catalogue[code].title,
    correlation_id: response.headers.get('x-correlation-id'),
  })
  expect(body.status).toBe(status)
  // Waiting helps where a store is away; the answer says for how long, wherever the fault is noticed.
  if (code === 'database_unavailable' || code === 'events_unavailable')
    expect([response.headers.get('retry-after'), body.retry_after]).toEqual([
      expect.stringMatching(/^[1-9]\d*$/),
      expect.any(Number),
    ])
  return body
}
