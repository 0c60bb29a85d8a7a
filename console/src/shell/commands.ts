/** What the palette offers. */
import { chooseLanguage, chooseTheme, dark, language } from '../core/preferences.ts'
import { link } from '../core/router.ts'
import { services } from '../core/services.ts'
import { signOut } from '../core/session.ts'
import { recentEvents } from '../live/events.ts'
import { t } from '../texts/index.ts'
import type { IconName } from '../ui/icon.tsx'
import { views } from './views.ts'

export interface Command {
  key: string
  title: string
  hint: string
  icon: IconName
  target: string | (() => void)
}

export function commands(query: string): Command[] {
  const { palette, views: names } = t()
  return [
    ...views.map(
      ({ name }): Command => ({
        key: `view-${name}`,
        title: names[name],
        hint: palette.view,
        icon: name,
        target: link(name),
      }),
    ),
    ...services.map(
      (name): Command => ({
        key: `service-${name}`,
        title: name,
        hint: palette.service,
        icon: 'truth',
        target: link('truth', name),
      }),
    ),
    ...actions(),
    ...correlations(query),
  ]
}

function actions(): Command[] {
  const { palette } = t()
  const command = (key: string, title: string, icon: IconName, target: Command['target']): Command => ({
    key,
    title,
    hint: palette.action,
    icon,
    target,
  })
  return [
    command('open-window', palette.openWindow, 'windows', link('windows', null, { open: '1' })),
    command('new-chat', palette.newChat, 'chat', link('chat', 'new')),
    command('maintenance', palette.maintain, 'database', link('database')),
    command('theme', dark.value ? palette.light : palette.dark, dark.value ? 'sun' : 'moon', () =>
      chooseTheme(dark.value ? 'light' : 'dark'),
    ),
    command('language', language.value === 'en' ? 'Español' : 'English', 'settings', () =>
      chooseLanguage(language.value === 'en' ? 'es' : 'en'),
    ),
    command('leave', t().shell.leave, 'leave', () => signOut()),
  ]
}

/** Those of the newest events, and the typed text. */
function correlations(query: string): Command[] {
  const ids = new Set(
    recentEvents()
      .slice(-500)
      .reverse()
      .flatMap(({ correlation_id }) => correlation_id ?? []),
  )
  const known = [...ids].slice(0, 40)
  const wanted = /^[\w.:@/+=-]{4,128}$/.test(query) && !ids.has(query) ? [query] : []
  return [...known, ...wanted].map((id) => ({
    key: `correlation-${id}`,
    title: id,
    hint: t().palette.correlation,
    icon: 'timeline',
    target: link('timeline', id),
  }))
}
