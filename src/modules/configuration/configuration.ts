/** The running configuration: its hash and age, and how it is exchanged. A bad one leaves the last good one in force. */
import { ConfigError, type ConfigReading, describeUnknown, unknownVariables } from '../../config/config.ts'
import { type ConfigTexts, configurationHash, type Reload, takeOver } from '../../config/reload.ts'
import type { ConfigurationState, Deps } from '../../ports/index.ts'

type ConfigurationDeps = Pick<Deps, 'clock' | 'config' | 'configSource' | 'followTargets' | 'log' | 'metrics'> & {
  /** The tokens are others now. */
  principalsChanged: () => void
}

export type ReloadOutcome = (Pick<Reload, 'changed' | 'needRestart'> & { problem?: never }) | { problem: string }

export interface Configuration {
  state(): ConfigurationState
  /** What is in force, as it was written. */
  texts(): ConfigTexts
  /** Null where nothing can be read anew. Takes effect before it returns. */
  reload: (() => ReloadOutcome) | null
}

export function runningConfiguration(deps: ConfigurationDeps): Configuration {
  const { clock, configSource, metrics } = deps
  let { texts } = configSource
  let state: ConfigurationState = { hash: configurationHash(texts), loadedAt: clock.now(), lastReload: null }
  const ended = (outcome: 'applied' | 'unchanged' | 'refused', problem: string | null) => {
    state = { ...state, lastReload: { at: clock.now(), outcome, problem } }
    metrics.configReloaded(outcome)
  }
  const { read } = configSource

  function reload(readAnew: () => ConfigReading): ReloadOutcome {
    let next: ConfigReading
    try {
      next = readAnew()
    } catch (error) {
      const problem = describeRefusal(error)
      deps.log.error('configuration_refused', { reason: problem })
      ended('refused', problem)
      return { problem }
    }
    const taken = exchange(deps, texts, next)
    texts = taken.texts
    if (taken.changed.length > 0) state = { ...state, hash: configurationHash(texts), loadedAt: clock.now() }
    ended(taken.changed.length > 0 ? 'applied' : 'unchanged', null)
    tell(deps, taken, next)
    return taken
  }

  metrics.watchConfiguration(() => state)
  return { state: () => state, texts: () => texts, reload: read ? () => reload(read) : null }
}

function describeRefusal(error: unknown): string {
  if (error instanceof ConfigError)
    return error.problems.map(({ variable, message }) => `${variable} ${message}`).join('; ')
  return error instanceof Error ? error.message : 'unknown'
}

function exchange(deps: ConfigurationDeps, texts: ConfigTexts, next: ConfigReading): Reload {
  const taken = takeOver(deps.config, texts, next)
  deps.principalsChanged()
  deps.followTargets()
  return taken
}

function tell({ log }: ConfigurationDeps, { changed, needRestart }: Reload, { sources }: ConfigReading): void {
  log.info('configuration_reloaded', { reason: changed.length > 0 ? changed.join(', ') : 'nothing changed' })
  if (needRestart.length > 0) log.warn('configuration_needs_restart', { reason: needRestart.join(', ') })
  for (const unknown of unknownVariables(sources.variables))
    log.warn('unknown_variable', { reason: describeUnknown(unknown) })
}
