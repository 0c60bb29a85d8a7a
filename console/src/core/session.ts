/** The token: typed once, kept in the tab or for a month, never in a URL. */
import { computed, signal } from '@preact/signals'

const storageKey = 'vx11.token'
const monthMs = 30 * 24 * 3600_000

export const token = signal<string | null>(storedToken())
export const signedIn = computed(() => token.value !== null)

/** Why the last session ended, for the entry page. */
export const endedBecause = signal<'refused' | null>(null)

function storedToken(): string | null {
  const ofTab = sessionStorage.getItem(storageKey)
  if (ofTab) return ofTab
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    if (isKept(kept) && kept.until > Date.now()) return kept.token
  } catch {
    // What cannot be read is not a token.
  }
  localStorage.removeItem(storageKey)
  return null
}

function isKept(value: unknown): value is { token: string; until: number } {
  return typeof value === 'object' && value !== null && 'token' in value && 'until' in value
}

export function signIn(value: string, forAMonth: boolean): void {
  if (forAMonth) localStorage.setItem(storageKey, JSON.stringify({ token: value, until: Date.now() + monthMs }))
  else sessionStorage.setItem(storageKey, value)
  endedBecause.value = null
  token.value = value
}

export function signOut(reason: 'refused' | null = null): void {
  sessionStorage.removeItem(storageKey)
  localStorage.removeItem(storageKey)
  endedBecause.value = reason
  token.value = null
}
