/**
 * A file of variables, `NAME=value` a line as `docker run --env-file` reads it: values are taken as they are, without
 * quotes, escapes or comments behind them; blank lines and lines that begin with `#` are left out.
 */

export type EnvFile = { variables: Readonly<Record<string, string>> } | { problem: string }

const line = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s

export function parseEnvFile(text: string): EnvFile {
  const variables: Record<string, string> = Object.create(null)
  // A byte order mark would be a part of the first name.
  for (const [index, content] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (content.trim() === '' || content.startsWith('#')) continue
    const [, name, value] = line.exec(content) ?? []
    if (name === undefined || value === undefined) return { problem: `must hold NAME=value in line ${index + 1}` }
    if (Object.hasOwn(variables, name)) return { problem: `must not set one variable twice, as in line ${index + 1}` }
    variables[name] = value
  }
  return { variables }
}
