/** What no value may have, because it was put there by a file's syntax and not by its author. */

/** What the text must not be, or null. In JSON blanks around values mean nothing. */
export function formProblem(text: string): string | null {
  if (/^\s*[[{]/.test(text)) return null
  if (text.includes('\r')) return 'must not have a carriage return: give its file Unix line ends'
  if (text.trim() !== text) return 'must not begin or end with blanks'
  const [first = '', last] = [text[0], text.at(-1)]
  const isQuoted = text.length > 1 && first === last && ['"', "'", '`'].includes(first)
  return isQuoted ? 'must not stand in quotes, which would be a part of it' : null
}
