/** What is wrong with an environment, as the tests of the configuration ask it. */
import { ConfigError, type ConfigProblem, parseConfig } from '../../src/config/config.ts'

export function problemsOf(env: Record<string, string | undefined>): readonly ConfigProblem[] {
  try {
    parseConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** Each bad variable once, in the order they are told. */
export const badVariables = (env: Record<string, string | undefined>): string[] => [
  ...new Set(problemsOf(env).map(({ variable }) => variable)),
]
