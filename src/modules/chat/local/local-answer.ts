/** The gateway's own answer when no provider answers: running modules, power window, last events, next steps. */
import type { UpstreamName } from '../../../config/config.ts'
import type { ModuleWord } from '../../power/module-states.ts'
import type { PowerWindow } from '../../power/power-state.ts'
import type { PastEvent } from '../providers/provider.ts'
import { type Language, languageOf } from './language.ts'
import { type Phrases, phrases } from './local-phrases.ts'

export interface LiveState {
  now: number
  /** Null for a module that was not measured yet. */
  modules: Readonly<Record<UpstreamName, ModuleWord | null>>
  window: PowerWindow | null
  /** Madre did not answer; the window is the last known one. */
  windowUncertain: boolean
  activeServices: readonly string[]
  /** Newest first; null when the database does not answer. */
  lastEvents: readonly PastEvent[] | null
}

/** The same words for the same state and language. */
export function localAnswer(message: string, state: LiveState): { text: string; language: Language } {
  const language = languageOf(message)
  const say = phrases[language]
  const lines = [
    say.noModel,
    ...moduleLines(say, state),
    windowLine(say, state),
    eventsLine(say, state),
    say.next,
    ...nextSteps(say, state).map((step) => `- ${step}`),
  ]
  return { text: lines.join('\n'), language }
}

const order: readonly ModuleWord[] = ['UP', 'DOWN', 'OFF_BY_POLICY', 'DORMANT', 'ARCHIVED']

function moduleLines(say: Phrases, { modules }: LiveState): string[] {
  const namesOf = (wanted: ModuleWord | null) =>
    Object.entries(modules).flatMap(([name, word]) => (word === wanted ? [name] : []))
  const known = order.flatMap((word) => {
    const names = namesOf(word)
    return names.length > 0 ? [`${say.modules[word]}: ${names.join(', ')}.`] : []
  })
  const unknown = namesOf(null)
  return unknown.length > 0 ? [...known, `${say.notMeasured}: ${unknown.join(', ')}.`] : known
}

function windowLine(say: Phrases, { window, windowUncertain, activeServices, now }: LiveState): string {
  const text = window
    ? say.windowOpen(
        activeServices.filter((name) => name !== 'madre' && name !== 'redis').join(', '),
        secondsLeft(window, now),
      )
    : say.noWindow
  return windowUncertain ? `${text} ${say.uncertain}` : text
}

const secondsLeft = ({ endsAtMs }: PowerWindow, now: number) =>
  endsAtMs === null ? null : Math.max(0, Math.floor((endsAtMs - now) / 1000))

function eventsLine(say: Phrases, { lastEvents }: LiveState): string {
  if (lastEvents === null) return say.eventsUnknown
  if (lastEvents.length === 0) return say.noEvents
  return `${say.lastEvents}: ${lastEvents.map(({ at, severity, summary }) => `[${severity}] ${summary} (${at})`).join('; ')}.`
}

/** What would bring a model back comes first. */
function nextSteps(say: Phrases, { modules, window }: LiveState): string[] {
  const steps: string[] = []
  if (modules.switch === 'OFF_BY_POLICY') steps.push(window ? say.reopenForSwitch : say.openForSwitch)
  if (modules.switch === 'DORMANT') steps.push(say.configureSwitch)
  for (const [name, word] of Object.entries(modules)) if (word === 'DOWN') steps.push(say.startModule(name))
  return [...steps, say.readStatus]
}
