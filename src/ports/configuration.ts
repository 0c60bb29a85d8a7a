/** Where the configuration comes from. */
import type { ConfigReading } from '../config/config.ts'
import type { ConfigTexts } from '../config/reload.ts'

export interface ConfigSource {
  /** What `config` was made of. */
  texts: ConfigTexts
  /** Reads it anew; throws ConfigError. Absent where the configuration lasts as long as the isolate. */
  read?: () => ConfigReading
}

/** The configuration in force. Moments are epoch milliseconds. */
export interface ConfigurationState {
  hash: string
  loadedAt: number
  lastReload: { at: number; outcome: 'applied' | 'unchanged' | 'refused'; problem: string | null } | null
}
