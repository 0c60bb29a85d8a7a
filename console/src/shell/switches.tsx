/** Theme and language. */
import { chooseLanguage, chooseTheme, language, type Theme, theme } from '../core/preferences.ts'
import { t } from '../texts/index.ts'
import { Icon, type IconName } from '../ui/icon.tsx'

const themes: readonly (readonly [Theme, IconName])[] = [
  ['system', 'system'],
  ['light', 'sun'],
  ['dark', 'moon'],
]

export function Switches() {
  const texts = t().shell
  return (
    <div class="switches">
      <fieldset class="choice small">
        <legend class="visually-hidden">{texts.theme}</legend>
        {themes.map(([name, icon]) => (
          <button
            key={name}
            type="button"
            aria-pressed={theme.value === name}
            aria-label={texts.themes[name]}
            title={texts.themes[name]}
            onClick={() => chooseTheme(name)}
          >
            <Icon name={icon} size={14} />
          </button>
        ))}
      </fieldset>
      <fieldset class="choice small">
        <legend class="visually-hidden">{texts.language}</legend>
        <button
          type="button"
          lang="en"
          aria-label="EN: English"
          aria-pressed={language.value === 'en'}
          onClick={() => chooseLanguage('en')}
        >
          EN
        </button>
        <button
          type="button"
          lang="es"
          aria-label="ES: español"
          aria-pressed={language.value === 'es'}
          onClick={() => chooseLanguage('es')}
        >
          ES
        </button>
      </fieldset>
    </div>
  )
}
