/** What the OpenAPI document says of errors. */
import { catalogue, type ErrorCode } from '../../errors/gateway-error.ts'

/** Where the document holds the shape of every problem, once. */
const problemReference = '#/components/schemas/Problem'

/** Codes that share a status share one response. */
export function problemResponses(errors: readonly ErrorCode[]) {
  const byStatus = Map.groupBy(errors, (code) => catalogue[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${catalogue[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: problemReference } } },
      },
    ]),
  )
}
