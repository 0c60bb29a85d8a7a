/** The log of a Node process: for people on a terminal, for programs elsewhere, unless LOG_FORMAT says otherwise. */
import { jsonLog } from '../../adapters/log/json-log.ts'
import { prettyLog } from '../../adapters/log/pretty-log.ts'
import type { Config } from '../../config/config.ts'
import type { Clock, Log } from '../../ports/index.ts'

export const isPretty = ({ logFormat }: Pick<Config, 'logFormat'>): boolean =>
  logFormat === null ? Boolean(process.stdout.isTTY) : logFormat === 'pretty'

/** NO_COLOR and the kind of the terminal decide. */
export const wantsColours = (): boolean => Boolean(process.stdout.isTTY && process.stdout.hasColors())

export function nodeLog(config: Config, clock: Clock, write: (line: string) => void): Log {
  const options = { level: config.logLevel, clock, write }
  return isPretty(config) ? prettyLog({ ...options, colours: wantsColours() }) : jsonLog(options)
}
