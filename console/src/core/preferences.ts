/** Theme and language: those of system and browser until the user chooses. */
import { effect, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'
export type Language = 'en' | 'es'

const isTheme = (value: string | null): value is Theme => value === 'system' || value === 'light' || value === 'dark'
const isLanguage = (value: string | null): value is Language => value === 'en' || value === 'es'

const keptTheme = localStorage.getItem('vx11.theme')
export const theme = signal<Theme>(isTheme(keptTheme) ? keptTheme : 'system')

const keptLanguage = localStorage.getItem('vx11.language')
const ofBrowser: Language = navigator.languages.some((each, index) => index === 0 && each.startsWith('es'))
  ? 'es'
  : 'en'
export const language = signal<Language>(isLanguage(keptLanguage) ? keptLanguage : ofBrowser)

const prefersDark = matchMedia('(prefers-color-scheme: dark)')
export const dark = signal(prefersDark.matches)

function applyTheme(): void {
  dark.value = theme.value === 'dark' || (theme.value === 'system' && prefersDark.matches)
  document.documentElement.dataset.theme = dark.value ? 'dark' : 'light'
}
prefersDark.addEventListener('change', applyTheme)
effect(applyTheme)

export function chooseTheme(value: Theme): void {
  localStorage.setItem('vx11.theme', value)
  theme.value = value
}

export function chooseLanguage(value: Language): void {
  localStorage.setItem('vx11.language', value)
  language.value = value
}
