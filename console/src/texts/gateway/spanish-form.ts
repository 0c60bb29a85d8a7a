/** Las formas que el gateway da a sus frases, y cómo se dicen en español. */
import { es } from '../es.ts'
import { word } from '../word.ts'

export type Form = readonly [form: RegExp, inSpanish: (...parts: string[]) => string]

/** Un texto que no tiene ninguna de las formas queda como está. */
export function sentenceBy(forms: readonly Form[], text: string): string | null {
  for (const [form, inSpanish] of forms) {
    const found = form.exec(text)
    if (found) return inSpanish(...found.slice(1))
  }
  return null
}

/** Un código con nombre; lo que no lo tiene queda como está. */
export const reason = (text: string) => {
  const { reasons, problems, chat, states } = es
  const words = [reasons, problems, chat.kinds, states].find((each) => Object.hasOwn(each, text))
  return words ? word(words, text) : text
}
export const list = (names: string) => names.replace(/ and (\d+) more$/, ' y $1 más')
