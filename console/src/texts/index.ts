/** The texts in the chosen language; each language is a file of its own and loaded when it is spoken. */
import { signal } from '@preact/signals'
import { type Language, language } from '../core/preferences.ts'
import type { Texts } from './en.ts'

export { word } from './word.ts'

const files: Record<Language, () => Promise<Texts>> = {
  en: async () => (await import('./en.ts')).en,
  es: async () => (await import('./es.ts')).es,
}

const spoken = signal<Texts | null>(null)

/** All texts. To be read while drawing, so that a change of language draws again. */
export const t = (): Texts => {
  if (!spoken.value) throw new Error('texts are loaded before the first drawing')
  return spoken.value
}

export async function loadTexts(): Promise<void> {
  spoken.value = await files[language.value]()
  document.documentElement.lang = language.value
}
