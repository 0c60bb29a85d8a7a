/** Compares two answers to one request: status, headers, shape. */
import type { SeenAnswer } from './answer.ts'
import { shapeDifferences } from './shape.ts'

/** Sentences, without a value that could be a secret; empty for answers that are alike. */
export function answerDifferences(one: SeenAnswer, other: SeenAnswer): string[] {
  if (one.status !== other.status) return [`status ${one.status ?? 'none'} → ${other.status ?? 'none'}`]
  const shapes = one.shape && other.shape ? shapeDifferences(one.shape, other.shape) : []
  return [...headerDifferences(one.headers, other.headers), ...shapes]
}

/** They belong to a connection, a moment or a caller's allowance. */
const ofTheMoment = new Set(
  'age connection content-encoding content-length date keep-alive retry-after transfer-encoding x-cache'.split(' '),
)
/** Their presence says something, their values differ with each answer. */
const withOwnValues = new Set(
  'etag last-modified link location ratelimit ratelimit-policy server-timing set-cookie via x-correlation-id'.split(
    ' ',
  ),
)

function headerDifferences(one: SeenAnswer['headers'], other: SeenAnswer['headers']): string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])].filter((name) => !ofTheMoment.has(name)).sort()
  return names.flatMap((name) => {
    const [before, after] = [one.get(name), other.get(name)]
    if (before === undefined) return [`header ${name}: new`]
    if (after === undefined) return [`header ${name}: gone`]
    const differs = before !== after && !withOwnValues.has(name)
    return differs ? [`header ${name}: ${before} → ${after}`] : []
  })
}
