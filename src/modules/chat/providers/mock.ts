/** A stand-in for a model, for development: the same words for the same message, on every machine. */
import { sha256Hex } from '../../../lib/sha256.ts'
import type { Piece, Question } from './provider.ts'

const quoted = 60

export async function* askMock({ message }: Pick<Question, 'message'>): AsyncGenerator<Piece> {
  const hash = sha256Hex(message).slice(0, 8)
  const words = `[mock ${hash}] No model was asked. You wrote: ${[...message].slice(0, quoted).join('')}`
  yield { kind: 'model', model: 'mock-reasoner' }
  yield { kind: 'reasoning', text: `mock reasoning ${hash}` }
  for (const text of words.split(/(?<= )/)) yield { kind: 'token', text }
}
