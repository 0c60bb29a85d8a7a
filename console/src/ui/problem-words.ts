/** A problem in the page's language: what its code means and what to do; and what the gateway said beyond that. */
import type { Problem } from '../core/problem.ts'
import { gatewayWords } from '../texts/gateway/index.ts'
import { t, word } from '../texts/index.ts'

interface ProblemWords {
  title: string
  hint: string | null
  /** English. */
  said: string | null
}

export function problemWords({ code, message, body }: Problem): ProblemWords {
  const words = gatewayWords()
  const ofCode = words?.error(code) ?? null
  const isSaid = message !== '' && !words?.isUsual(code, message)
  return {
    title: titleOf(code, body, ofCode?.title),
    hint: typeof body.worded === 'string' ? body.worded : (ofCode?.hint ?? null),
    said: isSaid ? message : null,
  }
}

function titleOf(code: string, { title }: Problem['body'], worded: string | undefined): string {
  const { problems } = t()
  if (Object.hasOwn(problems, code)) return word(problems, code)
  return worded ?? (typeof title === 'string' ? title : word({}, code))
}
