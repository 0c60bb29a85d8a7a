/** Reads variables through schemas and collects all problems, so that they are reported together. */
import * as v from 'valibot'
import { configVariables, type VariableName } from '../variables.ts'
import type { ConfigProblem, Sources } from './sources.ts'

/** Lists all invalid variables without their values, so it can be logged. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, message }) => `  ${variable} ${message}`)
    super(['The configuration is not valid:', ...lines].join('\n'))
    this.problems = problems
  }
}

type ValueSchema<T> = v.GenericSchema<string, T>

export interface Environment {
  /** The variable, or its default from the table. An invalid value is recorded and read as the default. */
  value<T>(name: VariableName, schema: ValueSchema<T>): T
  /** The variable, or null when it is unset or invalid. */
  optional<T>(name: VariableName, schema: ValueSchema<T>): T | null
  complain(variable: VariableName, message: string): void
  readonly problems: readonly ConfigProblem[]
}

export function environment({ texts, problems: found }: Sources): Environment {
  const problems = [...found]
  const complain = (variable: VariableName, message: string) => void problems.push({ variable, message })

  function optional<T>(name: VariableName, schema: ValueSchema<T>): T | null {
    const text = texts.get(name)
    if (text === undefined) return null
    const result = v.safeParse(schema, text)
    if (result.success) return result.output
    for (const issue of result.issues) complain(name, issue.message)
    return null
  }

  return {
    problems,
    complain,
    optional,
    value: (name, schema) => optional(name, schema) ?? v.parse(schema, fallbackOf(name)),
  }
}

function fallbackOf(name: VariableName): string {
  const fallback = configVariables.find((variable) => variable.name === name)?.fallback
  if (fallback == null) throw new Error(`${name} has no default`)
  return fallback
}
