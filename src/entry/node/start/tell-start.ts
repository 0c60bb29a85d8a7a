/** Tells that the gateway listens: a banner for people, two lines of the log for programs. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../../config/config.ts'
import type { Deps, Log } from '../../../ports/index.ts'
import type { FirstRunToken } from '../configuration/first-run-token.ts'
import { consoleFolder } from '../console-files.ts'
import { isPretty, wantsColours } from '../node-log.ts'
import { type Listening, type StartFacts, startFacts } from './start-facts.ts'

type StartDeps = Pick<Deps, 'config' | 'log'>

/** `write` takes text of the log's stream; a token that was made at this start goes to standard error, once. */
export function tellStart(
  { config, log }: StartDeps,
  listening: Listening,
  firstRun: FirstRunToken | null,
  write: (text: string) => void,
): void {
  const hasConsole = existsSync(join(consoleFolder, 'index.html'))
  const facts = startFacts(config, listening, { tokenFile: firstRun?.file ?? null, hasConsole })
  if (!isPretty(config)) logStart(log, facts)
  else if (showsInfo(config)) write(banner(facts, wantsColours()))
  if (firstRun?.isNew) process.stderr.write(madeTokenNotice(facts.url, firstRun))
}

const showsInfo = ({ logLevel }: Config) => logLevel === 'info' || logLevel === 'debug'

function logStart(log: Log, facts: StartFacts): void {
  log.info('listening', { reason: facts.address })
  log.info('started', { reason: sentenceOf(facts) })
}

const madeTokenNotice = (url: string, { file, token }: FirstRunToken): string =>
  `No token was configured, so one was made and stored in ${file}:\n\n  ${token}\n\nThe console, which it opens:\n\n` +
  `  ${url}/operator/ui/\n\nTry it:\n\n  curl -H 'X-VX11-Token: ${token}' ${url}/vx11/overview\n\n`

function banner({ name, facts, missing }: StartFacts, colours: boolean): string {
  const [bold, dim, reset] = colours ? ['\x1b[1m', '\x1b[2m', '\x1b[0m'] : ['', '', '']
  const row = (label: string, text: string) => `  ${dim}${label.padEnd(10)}${reset} ${text}\n`
  const rows = facts.map(([label, text]) => row(label, text))
  const gaps = missing.map((text, index) => row(index === 0 ? 'missing' : '', text))
  return `\n  ${bold}${name}${reset}\n\n${[...rows, ...gaps].join('')}\n`
}

function sentenceOf({ name, facts, missing }: StartFacts): string {
  const gaps = missing.length > 0 ? [`missing ${missing.join('; ')}`] : []
  return [name, ...facts.map(([label, text]) => `${label} ${text}`), ...gaps].join('; ')
}
