/** What the gateway says in English of itself, worded in the page's language; loaded with the first view that asks. */
import { signal } from '@preact/signals'
import { language } from '../../core/preferences.ts'

export interface GatewayWords {
  /** What a code means, and what to do about it. */
  error(code: string): { title: string; hint: string } | null
  /** Whether the code's words say all that this detail says. */
  isUsual(code: string, detail: string): boolean
  /** Of events, gates, drifts and refusals, by the forms that the gateway gives its sentences. */
  sentence(text: string): string | null
}

const spanish = signal<GatewayWords | null>(null)
let isAsked = false

/** Null in English, which the gateway speaks itself, and until they are there. */
export function gatewayWords(): GatewayWords | null {
  if (language.value === 'en') return null
  if (!isAsked) void load()
  return spanish.value
}

async function load(): Promise<void> {
  isAsked = true
  try {
    spanish.value = (await import('./spanish.ts')).gatewayWordsInSpanish
  } catch {
    // The gateway is away: the next drawing asks again.
    isAsked = false
  }
}
