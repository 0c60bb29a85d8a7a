/** En español: lo que el gateway dice de sí mismo. */
import { catalogue, type ErrorCode } from '../../../../src/errors/catalogue.ts'
import type { GatewayWords } from './index.ts'
import { errors } from './spanish-errors.ts'
import { sentenceOf } from './spanish-sentences.ts'

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code)

export const gatewayWordsInSpanish: GatewayWords = {
  error(code) {
    if (!isCode(code)) return null
    const [title, hint] = errors[code]
    return { title, hint }
  },
  isUsual: (code, detail) => isCode(code) && catalogue[code].detail === detail,
  sentence: sentenceOf,
}
