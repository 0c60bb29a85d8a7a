/** Judges and shows the configuration of the environment. Neither prints a secret, nor the value of a bad variable. */
import {
  ConfigError,
  type ConfigProblem,
  type ConfigVariable,
  configVariables,
  describeUnknown,
  parseConfig,
  readSources,
  redacted,
  secretVariables,
  unknownVariables,
} from '../../../config/config.ts'
import { readTextFile } from '../../node/configuration/read-text-file.ts'
import type { JsonOption } from '../commands/options.ts'
import { printResult, table, visible } from './print.ts'

export interface ShowOptions extends JsonOption {
  changed?: true
}

interface Check {
  valid: boolean
  problems: readonly ConfigProblem[]
  warnings: string[]
}

interface Shown {
  name: string
  /** Null when it is unset or not valid. */
  value: string | null
  /** `file`: the one that VX11_ENV_FILE names, or a secret's own. */
  source: 'environment' | 'file' | 'default'
  secret: boolean
  problem: string | null
}

type Known = (typeof configVariables)[number]

export async function checkConfig({ json }: JsonOption): Promise<number> {
  const check = judge()
  printResult(check, json, () => describeCheck(check))
  return check.valid ? 0 : 1
}

export async function showConfig({ changed, json }: ShowOptions): Promise<undefined> {
  const problems = new Map(judge().problems.map(({ variable, message }) => [variable, message]))
  const { texts } = readSources(process.env, readTextFile)
  const all = configVariables.map((variable) =>
    showVariable(variable, texts.get(variable.name), problems.get(variable.name) ?? null),
  )
  const shown = changed ? all.filter(({ source }) => source !== 'default') : all
  printResult(shown, json, () => table([['variable', 'from', 'value'], ...shown.map(rowOf)]))
}

function judge(): Check {
  const { variables } = readSources(process.env, readTextFile)
  const warnings = unknownVariables(variables).map((unknown) => visible(describeUnknown(unknown)))
  try {
    const { knownTokens } = parseConfig(process.env, readTextFile)
    const tokenless = knownTokens.length > 0 ? [] : ['No token is set: the first start makes one in the data folder.']
    return { valid: true, problems: [], warnings: [...warnings, ...tokenless] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { valid: false, problems: error.problems, warnings }
  }
}

function describeCheck({ valid, problems, warnings }: Check): string {
  const verdict = valid ? 'The configuration is valid.' : 'The configuration is not valid:'
  const lines = problems.map(({ variable, message }) => `  ${variable} ${message}`)
  return [verdict, ...lines, ...warnings.map((warning) => `Warning: ${warning}`)].join('\n')
}

function showVariable(variable: Known, text: string | undefined, problem: string | null): Shown {
  const { name } = variable
  const secret = secretVariables.has(name)
  if (text === undefined && problem === null)
    return { name, value: defaultOf(variable), source: 'default', secret, problem }
  const value = problem === null && text !== undefined ? redacted(name, text) : null
  return { name, value, source: process.env[name] ? 'environment' : 'file', secret, problem }
}

/** A default in words keeps no marks of the page that shows it, too. */
const defaultOf = ({ fallback, default: words }: ConfigVariable) =>
  fallback ?? (words === '-' ? null : words.replaceAll('`', ''))

const rowOf = ({ name, value, source, problem }: Shown) => {
  return [name, source, visible(problem === null ? (value ?? '-') : `not valid: it ${problem}`)]
}
