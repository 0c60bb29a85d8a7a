/** A badge for pages elsewhere: what it is about on the left, how it is on the right. */
import { html } from 'hono/html'
import { downCount, overallOf, type PublicState, type PublicStatus } from './service.ts'
import { type PageLanguage, statusTexts } from './texts.ts'

/** White on each of them has a contrast of at least 4.5. */
const colours: Readonly<Record<PublicState, string>> = {
  up: '#1b7a43',
  down: '#b3261e',
  asleep: '#5b53c7',
  unknown: '#5f6b77',
}

/** Undefined for a service that is not on the status page. */
export function statusBadge(
  status: PublicStatus,
  service: string | undefined,
  language: PageLanguage,
): string | undefined {
  const texts = statusTexts[language]
  if (service === undefined) {
    const overall = overallOf(status.services)
    const state = overall === 'operational' ? 'up' : overall
    return drawn('VX11', texts.badge[overall](downCount(status.services)), colours[state])
  }
  const found = status.services.find(({ name }) => name === service)
  return found && drawn(found.name, texts.states[found.state].toLowerCase(), colours[found.state])
}

const [letter, padding, height] = [6.4, 7, 20]
const widthOf = (text: string) => Math.round(text.length * letter)

/** `textLength` makes the words as wide as their box with any font. */
function drawn(label: string, message: string, colour: string): string {
  const [labelText, messageText] = [widthOf(label), widthOf(message)]
  const left = labelText + 2 * padding
  const width = left + messageText + 2 * padding
  return String(
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}: ${message}"><title>${label}: ${message}</title><clipPath id="r"><rect width="${width}" height="${height}" rx="4"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="${height}" fill="#39434d"/><rect x="${left}" width="${width - left}" height="${height}" fill="${colour}"/></g><g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11"><text x="${padding}" y="14" textLength="${labelText}" lengthAdjust="spacingAndGlyphs">${label}</text><text x="${left + padding}" y="14" textLength="${messageText}" lengthAdjust="spacingAndGlyphs">${message}</text></g></svg>`,
  )
}
