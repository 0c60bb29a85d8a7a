/** The word for a state or code, or the code itself: services may say what we have no word for. */
export function word(words: Readonly<Record<string, string>>, code: string | null | undefined): string {
  if (!code) return '–'
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code.replaceAll('_', ' ')
}
