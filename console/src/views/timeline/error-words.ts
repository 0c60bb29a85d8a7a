/** Error codes and words of steps in the chosen language. */
import { t, word } from '../../texts/index.ts'

/** `unreachable (connection refused)`: a word with what the other side said of it. */
export function errorWords(error: string): string {
  const [, code, rest] = /^(\w+)(.*)$/s.exec(error) ?? []
  if (!code) return error
  const { chat, problems, reasons } = t()
  const words = [chat.kinds, reasons, problems].find((each) => Object.hasOwn(each, code))
  return `${word(words ?? {}, code)}${rest}`
}
