/** Whether an operator writes Spanish or English, from the small words that a sentence cannot do without. */

export type Language = 'es' | 'en'

const words: Record<Language, ReadonlySet<string>> = {
  es: new Set(
    'el la los las un una de del que qué y en es está están esta por para con no se me mi tu su lo como cómo cuando cuándo donde dónde hola gracias puedo puedes hay qué quién cuál todo estado ventana abre abrir cierra cerrar modulo módulo módulos servicio dime ayuda haz sí pero si ya al sistema buenas buenos'.split(
      ' ',
    ),
  ),
  en: new Set(
    'the a an of and in is are was to for with not do does can could you your my it this that how what when where who which why hello hi thanks please open close status window module service help tell me show all if but there be on system good'.split(
      ' ',
    ),
  ),
}

/** English where neither has the majority. Spanish letters and signs decide, where there are any. */
export function languageOf(message: string): Language {
  const text = message.slice(0, 4000).toLowerCase()
  if (/[¿¡ñ]/.test(text)) return 'es'
  const found = text.match(/\p{L}+/gu) ?? []
  const count = (language: Language) => found.filter((word) => words[language].has(word)).length
  const accents = /[áéíóú]/.test(text) ? 1 : 0
  return count('es') + accents > count('en') ? 'es' : 'en'
}
