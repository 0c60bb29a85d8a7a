/** What services say, made safe to lay out: bounded, control characters and bidi marks visible. */

const maxLength = 20_000
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is made visible.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

export function plain(text: string, limit = maxLength): string {
  const cut = text.length > limit ? `${text.slice(0, limit)} … (+${text.length - limit})` : text
  return cut.replace(invisible, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
