/**
 * Collects the texts of all variables: from the environment, from the file that `VX11_ENV_FILE` names, and of secrets
 * from the files that `…_FILE` names. Reading files is the entry's.
 */
import { configVariables, type VariableName } from '../variables.ts'
import { parseEnvFile } from './env-file.ts'
import { secretVariables } from './secret-variables.ts'
import { formProblem } from './text-form.ts'

export interface ConfigProblem {
  variable: VariableName | FileVariable
  /** What the variable must be. Never contains its value, which may be a secret. */
  message: string
}

export type FileVariable = `${VariableName}_FILE`
export const fileVariable = (name: VariableName): FileVariable => `${name}_FILE`

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>

/** `failure` continues the sentence "must name a file that can be read". */
export type ReadTextFile = (path: string) => { text: string } | { failure: string }

const noFiles: ReadTextFile = () => ({ failure: 'there are no files here' })

export interface Sources {
  /** With those of the file; the process's own go before. */
  variables: EnvironmentVariables
  texts: ReadonlyMap<VariableName, string>
  problems: ConfigProblem[]
}

/** Empty values and non-strings count as unset: on workerd the same object also contains bindings. */
export function readSources(own: EnvironmentVariables, readFile: ReadTextFile = noFiles): Sources {
  const problems: ConfigProblem[] = []
  const complain = (variable: ConfigProblem['variable'], message: string) => problems.push({ variable, message })
  const variables = withEnvFile(own, readFile, complain)
  const texts = new Map<VariableName, string>()
  for (const { name } of configVariables) {
    const text = textOf(name, variables, readFile, complain)
    const problem = text === null ? null : formProblem(text)
    if (problem !== null) complain(name, problem)
    else if (text !== null) texts.set(name, text)
  }
  return { variables, texts, problems }
}

type Complain = (variable: ConfigProblem['variable'], message: string) => void

function withEnvFile(own: EnvironmentVariables, readFile: ReadTextFile, complain: Complain): EnvironmentVariables {
  const path = given(own, 'VX11_ENV_FILE')
  if (path === null) return own
  const read = readFile(path)
  if ('failure' in read) {
    complain('VX11_ENV_FILE', unreadable(read.failure))
    return own
  }
  const file = parseEnvFile(read.text)
  if ('problem' in file) {
    complain('VX11_ENV_FILE', file.problem)
    return own
  }
  const set = Object.entries(own).filter(([, value]) => typeof value === 'string' && value !== '')
  return { ...file.variables, ...Object.fromEntries(set) }
}

function textOf(
  name: VariableName,
  variables: EnvironmentVariables,
  readFile: ReadTextFile,
  complain: Complain,
): string | null {
  const own = given(variables, name)
  const path = secretVariables.has(name) ? given(variables, fileVariable(name)) : null
  if (path === null) return own
  if (own !== null) {
    complain(fileVariable(name), `must not be set beside ${name}`)
    return own
  }
  const read = readFile(path)
  const text = 'text' in read ? read.text.replace(/\n$/, '') : ''
  if ('failure' in read) complain(fileVariable(name), unreadable(read.failure))
  else if (text === '') complain(fileVariable(name), 'must name a file that is not empty')
  return text === '' ? null : text
}

const unreadable = (failure: string) => `must name a file that can be read: ${failure}`

function given(variables: EnvironmentVariables, name: string): string | null {
  const text: unknown = Object.hasOwn(variables, name) ? variables[name] : undefined
  return typeof text === 'string' && text !== '' ? text : null
}
