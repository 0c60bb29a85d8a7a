/** Keeps docs/configuration.md and the table of variables equal, row by row. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type ConfigVariable, configVariables, secretVariables } from '../../src/config/config.ts'
import { reloadable } from '../../src/config/reload.ts'

const runtimeWords = { both: 'both', node: 'Node', workerd: 'workerd' }
const rowOf = (variable: ConfigVariable): string =>
  `| \`${variable.name}\` | ${variable.default} | ${runtimeWords[variable.runtime]} | ${variable.meaning} |`

const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
const documentedRows = page.split('\n').filter((line) => line.startsWith('| `'))

describe('docs/configuration.md', () => {
  it('has one row for each variable, with its default, runtime and meaning, in the order of the code', () => {
    expect(documentedRows).toEqual(configVariables.map(rowOf))
  })

  it('speaks of no variable that does not exist', () => {
    const known = new Set<string>([
      ...configVariables.map(({ name }) => name),
      ...[...secretVariables].map((name) => `${name}_FILE`),
    ])
    const spokenOf = page.match(/\b(?:VX11_[A-Z0-9_]*[A-Z0-9]|[A-Z]+_URL)\b/g) ?? []
    expect(spokenOf.filter((name) => !known.has(name))).toEqual([])
  })

  it('names every secret that a file may hold', () => {
    const [, section = ''] = page.split('## Files')
    const named = new Set(section.split('`VX11_ENV_FILE` names')[0]?.match(/`[A-Z0-9_]+`/g))
    expect(named).toEqual(new Set([...secretVariables].map((name) => `\`${name}\``)))
  })

  it('names what a reload takes over', () => {
    const [, section = ''] = page.split('| taken over | variables |')
    const words =
      section
        .split('Every other changed')[0]
        ?.match(/`[A-Z0-9_]+…?`/g)
        ?.map((word) => word.slice(1, -1)) ?? []
    const named = configVariables
      .map(({ name }) => name)
      .filter((name) => words.some((word) => (word.endsWith('…') ? name.startsWith(word.slice(0, -1)) : word === name)))
    expect(new Set(named)).toEqual(reloadable)
  })

  it('puts no bar into a cell, which would break the table', () => {
    const cells = configVariables.flatMap((variable) => [variable.default, variable.meaning])
    expect(cells.filter((cell) => /[|\n]/.test(cell))).toEqual([])
  })
})
